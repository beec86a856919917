import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import { createWrappedNames } from '../src/compute/wrapped-names'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

const memoryCache = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

describe('two functions of one name', () => {
  test('are refused, so that users never get orders', () => {
    const cache = memoryCache()
    cache.wrap(async (id: number) => `user ${id}`, { name: 'findOne' })
    expect(() => cache.wrap(async (id: number) => `order ${id}`, { name: 'findOne' })).toThrow(
      /the name "findOne" belongs to another function.*name: 'users.findOne'.*shared: true/,
    )
  })

  test('are refused even with the same source: closures of two tenants read different data', () => {
    const cache = memoryCache()
    const loadFor = (tenant: string) =>
      cache.wrap(
        function load(id: number) {
          return `${tenant} ${id}`
        },
        { ttl: '1m' },
      )
    loadFor('a')
    expect(() => loadFor('b')).toThrow(/belongs to another function/)
  })

  test('may have it in two caches, two namespaces and two versions, and the same function may be wrapped again', () => {
    const cache = memoryCache()
    const load = (id: number) => id
    const wrapOther = (options: object) => cache.wrap((id: number) => -id, { name: 'load', ...options })
    cache.wrap(load)
    expect(() => cache.wrap(load, { ttl: '1h' })).not.toThrow()
    expect(() => wrapOther({ version: 2 })).not.toThrow()
    expect(() => cache.namespace('users').wrap((id: number) => -id, { name: 'load' })).not.toThrow()
    expect(() => memoryCache().wrap((id: number) => -id, { name: 'load' })).not.toThrow()
  })

  test('share their entries with shared: true', async () => {
    const cache = memoryCache()
    const loadIn = (request: string) =>
      cache.wrap(async (id: number) => `${id} loaded in ${request}`, { name: 'load', shared: true })
    expect(await loadIn('first')(7)).toBe('7 loaded in first')
    expect(await loadIn('second')(7)).toBe('7 loaded in first')
    expect(() => cache.wrap(async () => '', { name: 'load' })).toThrow(/belongs to another function/)
  })
})

describe('a module that is evaluated again in development', () => {
  /** Claims the name of a function as a module's own code does: outside every function, in a file. */
  const evaluate = (claim: ReturnType<typeof createWrappedNames>, filename: string) => {
    const wrap = (fn: object) => claim('load(', 'load', fn, false, wrap)
    runInNewContext('wrap(() => 1)', { wrap }, { filename })
  }

  test('replaces the functions that it wrapped before', async () => {
    const claim = createWrappedNames()
    evaluate(claim, '/app/users.js')
    await Promise.resolve()
    expect(() => evaluate(claim, '/app/users.js?t=2')).not.toThrow()
    await Promise.resolve()
    expect(() => evaluate(claim, '/app/orders.js')).toThrow(/belongs to another function/)
  })

  test('cannot wrap two functions of one name in one evaluation', () => {
    const claim = createWrappedNames()
    evaluate(claim, '/app/users.js')
    expect(() => evaluate(claim, '/app/users.js')).toThrow(/belongs to another function/)
  })

  test('is told apart from a nameless function, which is called for each request', async () => {
    const claim = createWrappedNames()
    const wrap = (fn: object) => claim('load(', 'load', fn, false, wrap)
    const handlers = [() => wrap(() => 1)]
    handlers[0]?.()
    await Promise.resolve()
    expect(() => handlers[0]?.()).toThrow(/belongs to another function/)
  })

  test('is not recognized in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const claim = createWrappedNames()
    evaluate(claim, '/app/users.js')
    await Promise.resolve()
    expect(() => evaluate(claim, '/app/users.js')).toThrow(/belongs to another function/)
    vi.unstubAllEnvs()
  })

  test('is not recognized in Deno without the right to read NODE_ENV, which is not asked for', () => {
    const querySync = vi.fn(() => ({ state: 'prompt' }))
    vi.stubGlobal('Deno', { permissions: { querySync } })
    vi.spyOn(process, 'env', 'get').mockImplementation(() => {
      throw new Error('Requires env access to "NODE_ENV"')
    })
    expect(() => evaluate(createWrappedNames(), '/app/users.js')).not.toThrow()
    expect(querySync).toHaveBeenCalledWith({ name: 'env', variable: 'NODE_ENV' })
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })
})

test.each([
  ['a bound method', { findOne: () => 1 }.findOne.bind({}), /"bound findOne" does not identify the function/],
  ['a minified function', { vs: () => 1 }.vs, /"vs" does not identify/],
  [
    'a nameless function',
    (
      () => () =>
        1
    )(),
    /has no name/,
  ],
])('%s needs a name, which says what it loads', (_, fn, message) => {
  const cache = memoryCache()
  expect(() => cache.wrap(fn)).toThrow(message)
  expect(() => cache.wrap(fn, { name: 'loadUser' })).not.toThrow()
})

test('a wrapped function that is wrapped again needs another name', () => {
  const cache = memoryCache()
  const inner = cache.wrap((id: number) => id, { name: 'load' })
  expect(() => cache.wrap(inner)).toThrow(/"load" belongs to another function.*name: 'users\.load'/)
})

test.each<[returned: unknown, message: RegExp]>([
  [{ id: 7 }, /got an object/],
  [Promise.resolve('7'), /got a promise/],
  [7, /got 7\. Write { key: \(\[user\]\) => String\(user\.id\) }/],
  ['', /got an empty string/],
  [undefined, /got undefined/],
])('a key option that returns %o is refused: all calls would share one entry', async (returned, message) => {
  const load = memoryCache().wrap((id: number) => id, { name: 'load', key: () => returned as string })
  await expect(load(1)).rejects.toThrow(message)
  expect(() => load.keyOf(1)).toThrow(message)
})

class Repository {
  constructor(
    readonly table: string,
    readonly load: (this: Repository, id: number) => Promise<string>,
  ) {}
}
async function loadRow(this: Repository, id: number): Promise<string> {
  return `${this.table} ${id}`
}

test('a wrapped method of two instances never answers one with the value of the other, and warns once', async () => {
  const cache = memoryCache()
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  const load = cache.wrap(loadRow)
  const [users, orders] = [new Repository('users', load), new Repository('orders', load)]
  expect([await users.load(7), await orders.load(7), await orders.load(7), await users.load(7)]).toEqual([
    'users 7',
    'orders 7',
    'orders 7',
    'users 7',
  ])
  expect(warnings).toEqual([expect.stringContaining('"loadRow" was called on several objects')])
})

test('a static method of several classes is cached for the first class alone', async () => {
  const cache = memoryCache()
  const load = cache.wrap(
    async function load(this: { name: string }, id: number) {
      return `${this.name} ${id}`
    },
    { name: 'load' },
  )
  const Users = Object.assign(class Users {}, { load })
  const Orders = Object.assign(class Orders {}, { load })
  expect([await Users.load(7), await Orders.load(7), await Users.load(7)]).toEqual([
    'Users 7',
    'Orders 7',
    'Users 7',
  ])
})

test('a native method, whose source does not show its use of `this`, is cached for the first object alone', async () => {
  const cache = memoryCache()
  const get = cache.wrap(Map.prototype.get, { name: 'get' })
  const [users, orders] = [new Map([[7, 'Ada']]), new Map([[7, 'paper']])]
  expect([await get.call(users, 7), await get.call(orders, 7)]).toEqual(['Ada', 'paper'])
})

test('the key option of a method gets its object, so that instances have entries of their own', async () => {
  const cache = memoryCache()
  const load = cache.wrap(loadRow, {
    key(this: Repository, [id]: [number]) {
      return `${this.table} ${id}`
    },
  })
  const [users, orders] = [new Repository('users', load), new Repository('orders', load)]
  expect([await users.load(7), await orders.load(7)]).toEqual(['users 7', 'orders 7'])
  expect((await cache.keys()).keys.map(({ key }) => key)).toEqual(['loadRow(orders 7)', 'loadRow(users 7)'])
})

test.each(['user:*', '*', 'a*b'])('the tag %s is refused: tags have no patterns', async (tag) => {
  const cache = memoryCache()
  await expect(cache.invalidate(tag)).rejects.toThrow(/no patterns.*Tags are hierarchical: /)
  await expect(cache.set('k', 1, { tags: [tag] })).rejects.toMatchObject({ code: 'BAD_TAG' })
})

describe('arguments', () => {
  class Money extends Map<string, number> {}
  const rows = Object.assign([1], { count: 2 })

  test.each<[argument: unknown, message: RegExp]>([
    [new Money(), /an instance of Money cannot be part of a key/],
    [new (class Zoned extends Date {})(0), /an instance of Zoned/],
    [new (class Rows extends Array {})(), /an instance of Rows/],
    [rows, /a list with further properties/],
    [Object.assign(new Map(), { unit: 'EUR' }), /an instance of Map with further properties/],
    [Promise.resolve(1), /an instance of Promise/],
    [new WeakMap(), /an instance of WeakMap/],
  ])('that cannot be keyed exactly are refused: %o', async (argument, message) => {
    const load = memoryCache().wrap((value: unknown) => value, { name: 'load' })
    await expect(load(argument)).rejects.toThrow(message)
  })

  test('of another realm have the keys of this one', () => {
    const { keyOf } = memoryCache().wrap((value: unknown) => value, { name: 'load' })
    for (const source of [
      '({ a: 1, b: [2] })',
      'new Date(5)',
      'new Map([[1, { a: 2 }]])',
      'new Set([1])',
      '/a/g',
    ])
      expect(keyOf(runInNewContext(source))).toBe(keyOf(runInNewContext(source)))
    expect(keyOf(runInNewContext('({ a: new Date(5) })'))).toBe(keyOf({ a: new Date(5) }))
  })

  test('nested deeper than the stack are refused with a LarderError', async () => {
    const load = memoryCache().wrap((value: unknown) => value, { name: 'load' })
    const nested = JSON.parse(`${'['.repeat(4_000)}${']'.repeat(4_000)}`)
    await expect(load(nested)).rejects.toMatchObject({ code: 'BAD_KEY' })
  })

  test.each([
    ['long', 'x'.repeat(10_000), 'x'.repeat(10_001)],
    ['cut in an emoji', 'a\ud83d', 'b\ud83d'],
  ])('that are %s are cached under a hash', async (_, text, other) => {
    let runs = 0
    const cache = memoryCache()
    const load = cache.wrap(
      async (query: string) => {
        runs += 1
        return query.length
      },
      { name: 'search' },
    )
    expect([await load(text), await load(text), await load(other)]).toEqual([
      text.length,
      text.length,
      other.length,
    ])
    expect(runs).toBe(2)
    await load.invalidate(text)
    await load(text)
    expect(runs).toBe(3)
    expect((await cache.keys()).keys[0]?.key).toMatch(/^search\(.{0,60}… sha256:[0-9a-f]{64}$/)
  })
})

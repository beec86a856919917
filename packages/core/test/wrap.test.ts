import { describe, expect, expectTypeOf, test } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

function memoryCache() {
  const clock = manualClock()
  return createCache({ name: 'test', store: mapStore(), clock })
}

describe('a wrapped function', () => {
  test('has the signature of the function', async () => {
    const load = async (id: number, options?: { deep: boolean }) => ({ id, deep: options?.deep ?? false })
    const wrapped = memoryCache().wrap(load)
    const typed: (id: number, options?: { deep: boolean }) => Promise<{ id: number; deep: boolean }> = wrapped
    expectTypeOf(typed).toBeFunction()
    // @ts-expect-error an id is a number
    expect(await wrapped('1')).toEqual({ id: '1', deep: false })
    expect(await wrapped(1, { deep: true })).toEqual({ id: 1, deep: true })
  })

  test('keeps the number of parameters, which frameworks look at, and bears its name in the cache', () => {
    const cache = memoryCache()
    const find = cache.wrap(async (id: number, lang: string) => `${id} ${lang}`, { name: 'user' })
    const rename = cache.wrapWrite(
      async function rename(id: number, name: string) {
        return `${id} ${name}`
      },
      ([id]) => `user:${id}`,
    )
    expect([find.length, find.name]).toEqual([2, 'user'])
    expect([rename.length, rename.name]).toEqual([2, 'rename'])
  })

  test('keeps `this`', async () => {
    const cache = memoryCache()
    const repository = {
      table: 'users',
      load: cache.wrap(
        async function (this: { table: string }, id: number) {
          return `${this.table} ${id}`
        },
        { name: 'load' },
      ),
    }
    expect(await repository.load(1)).toBe('users 1')
  })

  test('computes once for equal arguments', async () => {
    let runs = 0
    const wrapped = memoryCache().wrap(async (id: number) => ({ id, run: ++runs }), { name: 'load' })
    expect([await wrapped(1), await wrapped(1), await wrapped(2)].map(({ run }) => run)).toEqual([1, 1, 2])
  })

  test('can be invalidated, refreshed and peeked by its arguments', async () => {
    let runs = 0
    const load = async (id: number) => `${id}: ${++runs}`
    const wrapped = memoryCache().wrap(load)
    expect(wrapped.peek(1)).toBeUndefined()
    await wrapped(1)
    expect(wrapped.peek(1)?.value).toBe('1: 1')
    expect(await wrapped.refresh(1)).toBe('1: 2')
    expect(await wrapped(1)).toBe('1: 2')
    await wrapped.invalidate(1)
    expect(await wrapped(1)).toBe('1: 3')
  })

  test('makes tags from its arguments and its value', async () => {
    const cache = memoryCache()
    const load = async (id: number) => ({ id, org: 7 })
    const wrapped = cache.wrap(load, { tags: ([id], user) => [`user:${id}`, `org:${user.org}`] })
    await wrapped(1)
    await cache.invalidate('org:7')
    expect(wrapped.peek(1)?.state).toBe('dead')
  })

  test('makes keys from its name, its version and a function of the arguments', () => {
    const cache = memoryCache()
    const load = (id: number) => id
    expect(cache.wrap(load).keyOf(1)).toBe('load(1)')
    expect(cache.wrap(load, { name: 'other' }).keyOf(1)).toBe('other(1)')
    expect(cache.wrap(load, { version: 2 }).keyOf(1)).toBe('load@2(1)')
    expect(cache.wrap(load, { key: ([id]) => `no. ${id}` }).keyOf(1)).toBe('load(no. 1)')
  })

  test('without a name is rejected with a message that says what to write', () => {
    expect(() =>
      memoryCache().wrap(
        (
          () => (id: number) =>
            id
        )(),
      ),
    ).toThrow(/name: 'loadUser'/)
  })

  test('that calls itself thousands of times before it awaits anything returns its value', async () => {
    const cache = memoryCache()
    const count = cache.wrap(async (n: number): Promise<number> => (n === 0 ? 0 : 1 + (await count(n - 1))), {
      name: 'count',
    })
    expect(await count(2_000)).toBe(2_000)
    const forward = cache.wrap((n: number): unknown => (n === 0 ? 'end' : forward(n - 1)), {
      name: 'forward',
    })
    expect(await forward(1_000)).toBe('end')
  })

  test('keeps the tags that it was given, whatever becomes of their list', async () => {
    const cache = memoryCache()
    const tags = ['user:1']
    const first = cache.getOrCompute('first', async () => 1, { tags })
    tags[0] = 'user:2'
    const second = cache.getOrCompute('second', async () => 2, { tags })
    tags.length = 0
    await Promise.all([first, second])
    expect([cache.peek('first')?.tags, cache.peek('second')?.tags]).toEqual([
      ['user:1', 'user'],
      ['user:2', 'user'],
    ])
  })

  test('rejects arguments that cannot be a key, and names the argument', async () => {
    const wrapped = memoryCache().wrap((_: number, options: object) => options, { name: 'load' })
    await expect(wrapped(1, { filter: { by: () => true } })).rejects.toMatchObject({
      code: 'BAD_KEY',
      message: expect.stringContaining('Argument 2, at .filter.by: a function'),
    })
  })

  test('rejects a URL that may hold more than its address', async () => {
    class Endpoint extends URL {
      constructor(
        address: string,
        readonly token: string,
      ) {
        super(address)
      }
    }
    const wrapped = memoryCache().wrap(async (url: URL) => url.href, { name: 'load' })
    const tagged = Object.assign(new URL('http://a.example'), { token: 'a' })
    for (const url of [new Endpoint('http://a.example', 'a'), tagged])
      await expect(wrapped(url)).rejects.toMatchObject({ code: 'BAD_KEY' })
    expect(await wrapped(new URL('http://a.example'))).toBe('http://a.example/')
  })
})

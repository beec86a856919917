import { describe, expect, test } from 'vitest'
import { json, msgpack, v8 } from '../src/encoding'
import { type CacheOptions, createCache, type ValueType } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

/** A number with units of its own, as Decimal and ObjectId are: its JSON is a text. */
class Money {
  constructor(readonly cents: number) {}
  toJSON() {
    return String(this.cents)
  }
}

class User {
  constructor(readonly name: string) {}
  greet() {
    return `I am ${this.name}`
  }
}

class Account {
  readonly #balance = 5
  balance() {
    return this.#balance
  }
}

async function openCaches(options: Partial<CacheOptions> = {}) {
  const clock = manualClock()
  const world = createWorld(clock)
  const open = () => createCache({ name: 'test', store: world.store(), clock, ...options })
  const caches = { writer: open(), reader: open() }
  const warnings: string[] = []
  for (const cache of Object.values(caches)) cache.on('warning', ({ message }) => warnings.push(message))
  await clock.advance(1_000)
  return { ...caches, world, clock, warnings }
}

const exec = () => /(?<year>\d+)/.exec('1815')
const unfaithful: [what: string, create: () => unknown, why: RegExp][] = [
  ['a promise that was not awaited', () => ({ posts: Promise.resolve([1]) }), /\.posts is a promise/],
  ['a function', () => [() => 1], /\[0\] is a function/],
  ['a symbol', () => ({ id: Symbol('id') }), /\.id is a symbol/],
  ['a field named by a symbol', () => ({ [Symbol.for('id')]: 7 }), /named by a symbol/],
  ['a Map with such a field', () => Object.assign(new Map(), { [Symbol.for('id')]: 7 }), /by a symbol/],
  ['a Blob', () => ({ file: new Blob(['hi']) }), /an instance of Blob, whose state is not in fields/],
  ['a URL', () => new URL('https://example.org'), /an instance of URL/],
  ['a WeakMap', () => ({ seen: new WeakMap() }), /WeakMap/],
  ['an Intl object', () => ({ format: new Intl.NumberFormat('de') }), /NumberFormat/],
  ['a generator', () => ({ rows: [1].values() }), /\.rows is/],
  ['a boxed number', () => ({ count: Object(5) }), /instance of Number\. Use the primitive/],
  ['an instance whose toJSON gives a text', () => ({ price: new Money(5) }), /toJSON gives '5'/],
  ['an instance with private fields', () => new Account(), /Account/],
  ['a match with named groups', exec, /further fields, such as groups/],
  ['a BigInt of very many digits', () => 10n ** 20_000n, /more than 10000 digits/],
]

/** V8 writes the fields of an instance whatever its toJSON says, and numbers of any size. */
const keptByV8 = ['an instance whose toJSON gives a text', 'a BigInt of very many digits']

describe.each(unfaithful)('%s', (what, create, why) => {
  test.each([msgpack(), json(), v8()])(
    'reaches the caller, stays in memory, and is not written by $name',
    async (serializer) => {
      const { writer, reader, world, clock, warnings } = await openCaches({ serializer, isolate: false })
      const value = create()
      expect(await writer.getOrCompute('page(1)', () => value)).toBe(value)
      await clock.advance(10)
      expect(await writer.get('page(1)')).toBe(value)
      const isKept = serializer.name === 'v8' && keptByV8.includes(what)
      expect(world.entries.has('page(1)')).toBe(isKept)
      if (isKept) return
      expect(await reader.getOrCompute('page(1)', () => 'computed again')).toBe('computed again')
      await writer.getOrCompute('page(2)', create)
      await clock.advance(10)
      const unwritten = warnings.filter((message) => message.includes('not written'))
      expect(unwritten).toEqual([expect.stringMatching(why)])
    },
  )
})

test('a value that is too large for the store gives one warning', async () => {
  const { writer, clock, warnings } = await openCaches({ maxValueSize: 100 })
  for (const id of [1, 2]) await writer.getOrCompute(`page(${id})`, () => 'x'.repeat(200))
  await clock.advance(10)
  expect(warnings).toEqual([expect.stringMatching(/not written to world.*202 bytes/)])
})

const nest = (depth: number) => {
  let value: unknown = new Map([['end', 1]])
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

test('a value that is nested more deeply than the stack is not written, with the reason', async () => {
  const { writer, world, clock, warnings } = await openCaches({ isolate: false })
  const value = nest(20_000)
  expect(await writer.getOrCompute('tree', () => value)).toBe(value)
  await clock.advance(10)
  expect(world.entries.has('tree')).toBe(false)
  expect(warnings).toEqual([expect.stringMatching(/nested too deeply/)])
})

test('a class instance gives one warning per function at its first store, with a store in memory too', async () => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  const load = cache.wrap(async (id: number) => ({ owner: new User(`Ada ${id}`) }), { name: 'load' })
  for (const id of [1, 2]) expect((await load(id)).owner.greet()).toBe(`I am Ada ${id}`)
  await cache.set('user', new User('Grace'))
  await cache.set('plain', { born: new Date(), tags: new Set(['a']), bytes: Buffer.from('a') })
  await cache.set('error', new RangeError('no'))
  expect(warnings).toEqual([
    expect.stringMatching(/^\.owner in the value of "load\(1\)" is an instance of User.*types/),
    expect.stringMatching(/^the value of "user" is an instance of User/),
  ])
})

describe('a registered class', () => {
  const types: readonly ValueType[] = [
    { class: Money, encode: (money: Money) => money.cents, decode: (cents) => new Money(cents) },
    { class: User, encode: (user: User) => ({ ...user }), decode: ({ name }) => new User(name) },
    { class: URL, encode: (url) => url.toString(), decode: (text) => new URL(text) },
  ]

  test.each([msgpack(), json(), v8()])('is the same class in every process, by $name', async (serializer) => {
    const { writer, reader, clock, warnings } = await openCaches({ types, serializer })
    const value = {
      price: new Money(5),
      owners: new Map([[new User('Ada'), [new URL('https://example.org')]]]),
    }
    await writer.set('order', value)
    await clock.advance(10)
    const found = await reader.getOrCompute<typeof value>('order', () => Promise.reject(new Error('a miss')))
    expect(found.price).toBeInstanceOf(Money)
    const [[user, [url] = []] = []] = [...found.owners]
    expect(user?.greet()).toBe('I am Ada')
    expect(url?.hostname).toBe('example.org')
    expect(warnings).toEqual([])
  })

  test('that another process has not registered is a miss there', async () => {
    const { writer, world, clock } = await openCaches({ types })
    await writer.set('price', new Money(5))
    const other = createCache({ name: 'test', store: world.store(), clock })
    const reasons: string[] = []
    other.on('unreadable', ({ reason }) => reasons.push(reason))
    await clock.advance(1_000)
    expect(await other.get('price')).toBeUndefined()
    expect(reasons).toEqual(['garbage'])
  })

  const nameless = () => (() => class {})()

  test.each<[what: string, types: unknown, message: RegExp]>([
    ['no list', { Money }, /types must be a list such as/],
    ['a class without functions', [Money], /types must be a list such as/],
    ['one class twice', [...types, { ...types[0], name: 'other' }], /"other" is registered twice/],
    ['one name twice', [...types, { ...types[0], class: Account, name: 'User' }], /"User" is registered/],
    ['a class without a name', [{ ...types[0], class: nameless() }], /no name/],
  ])('is refused for %s', (_, wrong, message) => {
    const options = { name: 'test', store: mapStore(), types: wrong as never }
    expect(() => createCache(options)).toThrow(message)
  })
})

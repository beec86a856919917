import { inspect } from 'node:util'
import { expect, test, vi } from 'vitest'
import { type ByteSize, createCache, findNearestName, LarderError, toBytes } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

const options = () => ({ name: 'test', store: mapStore(), clock: manualClock() })

/** A cache as JavaScript sees it, without types that refuse wrong calls. */
type Untyped = Record<string, (...args: unknown[]) => unknown>
const untypedCache = () => createCache(options()) as unknown as Untyped

const untyped = (value: unknown) => value as Untyped

/** The error of a call, whether it was thrown or rejected. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('The call was accepted.')
}

async function expectAnswer(call: () => unknown, message: RegExp): Promise<void> {
  const error = await errorOf(call)
  expect(error).toBeInstanceOf(LarderError)
  expect((error as LarderError).message).toMatch(message)
}

const load = async (id: unknown) => id
const emitter = { on: () => undefined, off: () => undefined }

test.each<[call: string, (cache: Untyped) => unknown, message: RegExp]>([
  ['set(k, v, 60)', (c) => c.set?.('k', 1, 60), /options as an object, such as { ttl: '60s' }; got 60/],
  ["set(k, v, '5m')", (c) => c.set?.('k', 1, '5m'), /such as { ttl: '5m' }/],
  ['set(k, v, { TTL })', (c) => c.set?.('k', 1, { TTL: 1 }), /set has no option "TTL". Write ttl\./],
  ['set(k, v, { ex: 60 })', (c) => c.set?.('k', 1, { ex: 60 }), /no option "ex". Write ttl\./],
  ['set(k, v, { tag })', (c) => c.set?.('k', 1, { tag: 'a' }), /no option "tag". Write tags\./],
  [
    "set(k, v, { hardTimeout: '1s' })",
    (c) => c.set?.('k', 1, { hardTimeout: '1s' }),
    /set: hardTimeout limits how long a caller waits.*getOrCompute/,
  ],
  [
    "begin(k, { softTimeout: '1s' })",
    (c) => c.begin?.('k', { softTimeout: '1s' }),
    /begin: softTimeout limits how long a caller waits/,
  ],
  ['set(k, v, { tags: 7 })', (c) => c.set?.('k', 1, { tags: 7 }), /a tag or a list of tags.*got 7/],
  [
    'set(k, v, { isolate: "no" })',
    (c) => c.set?.('k', 1, { isolate: 'no' }),
    /isolate must be true or false/,
  ],
  ['set(k, v, { ttl: [] })', (c) => c.set?.('k', 1, { ttl: [5] }), /ttl must be a duration.*got a list/],
  ['getOrCompute(k)', (c) => c.getOrCompute?.('k'), /a key and a function; got undefined as the function/],
  [
    'getOrCompute(k, 5)',
    (c) => c.getOrCompute?.('k', 5),
    /getOrCompute\(key, \(\) => loadValue\(\), options\)/,
  ],
  ['getOrCompute(k, f, null)', (c) => c.getOrCompute?.('k', load, null), /options as an object.*got null/],
  ['getLocal(7)', (c) => c.getLocal?.(7), /A key is a string; got 7/],
  ['getOrCompute({ key, factory })', (c) => c.getOrCompute?.({ key: 'k' }), /got an object as the key/],
  ['getOrCompute(k, fn, 60)', (c) => c.getOrCompute?.('k', load, 60), /such as { ttl: '60s' }/],
  ['getOrCompute(k, fn, { tll })', (c) => c.getOrCompute?.('k', load, { tll: 1 }), /"tll". Write ttl/],
  ['getOrCompute(k, fn, { signal: {} })', (c) => c.getOrCompute?.('k', load, { signal: {} }), /AbortSignal/],
  ['get(k, { strong: true })', (c) => c.get?.('k', { strong: true }), /get has no option "strong"/],
  [
    "get(k, { consistency: 'STRONG' })",
    (c) => c.get?.('k', { consistency: 'STRONG' }),
    /'bounded' or 'strong'/,
  ],
  ['getMany(a, b)', (c) => c.getMany?.('a', 'b'), /getMany takes a list; got 'a'.*getMany\(\['a', 'b'\]\)/],
  [
    'setMany({ a: 1 })',
    (c) => c.setMany?.({ a: 1 }),
    /pairs of a key and a value; got an object.*Object\.entries/,
  ],
  ['setMany([{ key, value }])', (c) => c.setMany?.([{ key: 'a' }]), /got an object in the list/],
  ['deleteMany(a)', (c) => c.deleteMany?.('a'), /deleteMany takes a list/],
  ['delete(k, { soft: true })', (c) => c.delete?.('k', { soft: true }), /delete has no option "soft"/],
  ['getManyOrCompute(a, fn)', (c) => c.getManyOrCompute?.('a', load), /takes a list; got 'a'/],
  ['getManyOrCompute(keys)', (c) => c.getManyOrCompute?.(['a']), /takes a function; got undefined/],
  [
    'getManyOrCompute(keys, fn, { serveIf })',
    (c) => c.getManyOrCompute?.(['a'], load, { serveIf: () => true }),
    /has no option "serveIf"/,
  ],
  ['invalidate()', (c) => c.invalidate?.(), /a tag or a list of tags.*got undefined/],
  ['invalidate({ tags })', (c) => c.invalidate?.({ tags: ['a'] }), /a tag or a list of tags.*got an object/],
  ['invalidate(t, { mod })', (c) => c.invalidate?.('a', { mod: 'soft' }), /no option "mod". Write mode/],
  ["invalidate(t, { mode: 'weak' })", (c) => c.invalidate?.('a', { mode: 'weak' }), /'hard' or 'soft'/],
  [
    'wrap(key, fn, ttl)',
    (c) => c.wrap?.('k', load, 60),
    /takes a function, .* got the key 'k'.*getOrCompute\('k'/,
  ],
  ['wrap(5, { name })', (c) => c.wrap?.(5, { name: 'n' }), /wrap takes a function; got 5/],
  [
    'wrap(undefined, { name })',
    (c) => c.wrap?.(undefined, { name: 'n' }),
    /wrap takes a function; got undefined/,
  ],
  ['wrap(fn, "users")', (c) => c.wrap?.(load, 'users'), /options as an object/],
  ['wrap(fn, { tll })', (c) => c.wrap?.(load, { tll: 1 }), /wrap has no option "tll". Write ttl/],
  [
    'wrap(fn, { staleWhileRevlidate })',
    (c) => c.wrap?.(load, { staleWhileRevlidate: 1 }),
    /Write staleWhileRevalidate\./,
  ],
  ['wrap(fn, { key: "id" })', (c) => c.wrap?.(load, { key: 'id' }), /key must be a function/],
  [
    'wrap(fn, { cacheIf: async … })',
    (c) => c.wrap?.(load, { cacheIf: async () => false }),
    /cacheIf must be a function that answers at once.*got the async function cacheIf/,
  ],
  [
    'wrap(fn, { tags: async … })',
    (c) => c.wrap?.(load, { tags: async () => ['a'] }),
    /tags must be a function that answers at once/,
  ],
  [
    'wrap(fn, { ttl: async … })',
    (c) => c.wrap?.(load, { ttl: async () => 5 }),
    /ttl must be a function that/,
  ],
  [
    'wrap(fn, { key: async … })',
    (c) => c.wrap?.(load, { key: async () => 'k' }),
    /key must be a function that/,
  ],
  [
    'getOrCompute(k, f, { serveIf: async … })',
    (c) => c.getOrCompute?.('k', load, { serveIf: async () => false }),
    /serveIf must be a function that answers at once/,
  ],
  [
    'wrapWrite(fn, async …)',
    (c) => c.wrapWrite?.(load, async () => ['a']),
    /as its second argument, takes a function that answers at once; got an async function/,
  ],
  ['follow(emitter, async …)', (c) => c.follow?.(emitter, async () => 'a', 'e'), /that answers at once/],
  [
    'wrap(fn, { earlyExpiry: true })',
    (c) => c.wrap?.(load, { earlyExpiry: true }),
    /earlyExpiry must be 0 \(off\) or a factor such as 1; got true/,
  ],
  ["wrap(fn, { jitter: '0.5' })", (c) => c.wrap?.(load, { jitter: '0.5' }), /from 0 to 1.*got '0.5'/],
  ['wrap(Class)', (c) => c.wrap?.(class User {}, { name: 'u' }), /takes a function; got the class User/],
  [
    'wrap(function*)',
    (c) => c.wrap?.(async function* rows() {}),
    /got a generator, which gives each value once/,
  ],
  ['wrap(fn, { hardTimeout: 0 })', (c) => c.wrap?.(load, { hardTimeout: 0 }), /above 0.*Write Infinity/],
  ['wrap(fn, { maxConcurrentComputes })', (c) => c.wrap?.(load, { maxConcurrentComputes: '5' }), /got '5'/],
  ["get(['a', 'b'])", (c) => c.get?.(['a', 'b']), /got a list. Write getMany, setMany or deleteMany/],
  ["delete(['a', 'b'])", (c) => c.delete?.(['a', 'b']), /Write getMany, setMany or deleteMany/],
  ["delete('a', 'b')", (c) => c.delete?.('a', 'b'), /takes its options as an object; got 'b'/],
  ["keys('user:*')", (c) => c.keys?.('user:*'), /such as { pattern: 'user:\*' }/],
  ['ready(5000)', (c) => c.ready?.(5_000), /such as { timeout: 5000 }/],
  ["touch('k')", (c) => c.touch?.('k'), /touch: ttl must be a duration/],
  ['warn()', (c) => c.warn?.(), /warn takes a text; got undefined/],
  ['wrapWrite(fn)', (c) => c.wrapWrite?.(load), /as its second argument, takes a function; got undefined/],
  ["wrapWrite(fn, ['a'])", (c) => c.wrapWrite?.(load, ['a']), /takes a function; got a list/],
  [
    'beginTransaction().run()',
    (c) => untyped(c.beginTransaction?.()).run?.(),
    /run takes a function; got undefined\. Write transaction\.run/,
  ],
  ['on({})', (c) => c.on?.(Object.create(null), load), /has no event an object\. Its events are/],
  ['set(k, v, JSON)', (c) => c.set?.('k', 1, JSON.parse('{"__proto__":1}')), /set has no option "__proto__"/],
  ['set(k, v, { toString })', (c) => c.set?.('k', 1, { toString: load }), /set has no option "toString"/],
  ["getOrCompute(['user', 7], fn)", (c) => c.getOrCompute?.(['user', 7], load), /or use wrap, which derives/],
  ["invalidate({ queryKey: ['a'] })", (c) => c.invalidate?.({ queryKey: ['a'] }), /a tag or a list of tags/],
  [
    "wrap(fn, ['key'], { revalidate })",
    (c) => c.wrap?.(load, ['key'], {}),
    /options as an object.*got a list/,
  ],
  ['wrap(fn, { ttl: false })', (c) => c.wrap?.(load, { ttl: false }), /or Infinity; got false/],
  ['set(k, v, { ttl: -1 })', (c) => c.set?.('k', 1, { ttl: -1 }), /or Infinity; got -1/],
  ['set(k, v, { ttl: new Date() })', (c) => c.set?.('k', 1, { ttl: new Date() }), /got an instance of Date/],
  [
    'wrap(fn, { refreshThreshold })',
    (c) => c.wrap?.(load, { refreshThreshold: 5 }),
    /"refreshThreshold"\. Write refreshAhead\./,
  ],
  ['wrap(fn, { keyGenerator })', (c) => c.wrap?.(load, { keyGenerator: String }), /Write key\./],
  ["on('err')", (c) => c.on?.('err', load), /no event 'err'.*Its events are: .*Write cache\.on\('error'/],
  ["on('hit')", (c) => c.on?.('hit'), /on takes a function/],
  ['follow(emitter, fn)', (c) => c.follow?.(emitter, load), /needs the name of an event/],
  ['follow(5, fn)', (c) => c.follow?.(5, load), /an async iterable, or an emitter/],
  ['transaction()', (c) => c.transaction?.(), /transaction takes a function/],
  ['untracked()', (c) => c.untracked?.(), /untracked takes a function/],
  ['unlink(child)', (c) => c.unlink?.('a'), /A tag is a string/],
  [
    'warm([5])',
    (c) => c.warm?.([5]),
    /warm takes a list or a generator of functions; got 5 in it\. Write cache\.warm/,
  ],
  ['set(k, promise)', (c) => c.set?.('k', load(1)), /set takes a value; got a promise.*await loadValue\(\)/],
  ['setMany([[k, promise]])', (c) => c.setMany?.([['k', load(1)]]), /setMany takes a value; got a promise/],
  [
    'beginning.fill(promise)',
    async (c) => untyped(await c.begin?.('k')).fill?.(Promise.reject(new Error('lost'))),
    /fill takes a value; got a promise.*beginning\.fill\(await/,
  ],
  [
    "namespace('users', { ttl })",
    (c) => c.namespace?.('users', { ttl: '5m' }),
    /a name and nothing else; got an object/,
  ],
  [
    'invalidate(the text of an object)',
    (c) => c.invalidate?.(`user:${{}}`),
    /made of an object.*user:\$\{user\.id\}/,
  ],
  ['loader(fn).load(key)', (c) => untyped(c.loader?.(load)).load?.('k'), /Write load\(key\)/],
  ['loader(fn).clearAll()', (c) => untyped(c.loader?.(load)).clearAll?.(), /Write cache\.clear\(\)/],
  [
    'wrapped.clear()',
    (c) => untyped(c.wrap?.(load)).clear?.(),
    /no method clear\. Write wrapped\.invalidate/,
  ],
  [
    'wrapped.delete(7)',
    (c) => untyped(c.wrap?.(load)).delete?.(7),
    /Write wrapped\.invalidate\(\.\.\.args\)/,
  ],
  [
    'wrapped.invalidate()',
    (c) => untyped(c.wrap?.(load)).invalidate?.(),
    /got no arguments\. Write load\.invalidate\(id\), or cache\.invalidate\(tag\)/,
  ],
  [
    'wrap(fn, { cacheKey })',
    (c) => c.wrap?.(load, { cacheKey: String }),
    /no option "cacheKey"\. Write key\./,
  ],
  ['wrap(fn, { revalidate })', (c) => c.wrap?.(load, { revalidate: 60 }), /"revalidate"\. Write ttl\./],
  ['warm()', (c) => c.warm?.(), /warm takes a list or a generator/],
  ['warm([], { concurency })', (c) => c.warm?.([], { concurency: 1 }), /Write concurrency/],
  ['audit()', (c) => c.audit?.(), /audit takes a function/],
  ['audit({ source, samples })', (c) => c.audit?.({ source: load, samples: 1 }), /Write sample\./],
  ['keys({ match })', (c) => c.keys?.({ match: '*' }), /keys has no option "match"/],
  ['clear({ hard: true })', (c) => c.clear?.({ hard: true }), /clear has no option "hard"/],
])('cache.%s answers with what to write', async (_, call, message) => {
  await expectAnswer(() => call(untypedCache()), message)
})

test.each([
  ['getOrSet', /Write cache\.getOrCompute\(key, compute\)/],
  ['remember', /getOrCompute/],
  ['fetch', /getOrCompute/],
  ['del', /delete\(key\)/],
  ['mget', /getMany/],
  ['mset', /setMany/],
  ['ttl', /ttlOf\(key\)/],
  ['reset', /clear\(\)/],
  ['flush', /clear\(\)/],
  ['invalidateTag', /invalidate\(tag\)/],
  ['invalidateAll', /clear\(\)/],
  ['getTtl', /ttlOf\(key\)/],
  ['invalidateTags', /invalidate\(tags\)/],
  ['deleteByTag', /invalidate\(tags\)/],
  ['off', /on\(event, listener\)/],
  ['entries', /keys\(\), then getMany\(keys\)/],
  ['forEach', /keys\(\)/],
  ['iterator', /keys\(\)/],
  ['hasMany', /getMany/],
  ['setForever', /ttl: Infinity/],
  ['fetchQuery', /getOrCompute/],
  ['invalidateQueries', /invalidate\(tags\)/],
  ['revalidatePath', /invalidate\(tag\)/],
])("another library's %s is answered with Larder's name, in namespaces too", async (name, message) => {
  await expectAnswer(() => untypedCache()[name]?.('k'), message)
  const users = createCache(options()).namespace('users') as unknown as Untyped
  await expectAnswer(() => users[name]?.('k'), message)
})

test.each([
  ['size', /Write cache\.stats\(\)\.usage\?\.entries/],
  ['count', /usage\?\.entries/],
  ['calculatedSize', /usage\?\.bytes/],
  ['hits', /Write cache\.stats\(\)/],
  ['store', /Write cache\.stats\(\) or keys\(\)/],
  ['stores', /Write cache\.stats\(\) or keys\(\)/],
])(
  "a read or an assignment of another library's property %s is answered with what to write",
  async (name, message) => {
    await expectAnswer(() => untypedCache()[name], message)
    await expectAnswer(() => untyped(untypedCache().namespace?.('users'))[name], message)
    await expectAnswer(() => Object.assign(untypedCache(), { [name]: 5 }), message)
  },
)

test('a wrapped function has no cache of its own to clear', async () => {
  const wrapped = untyped(untypedCache().wrap?.(load)) as unknown as { cache: Map<string, unknown> }
  await expectAnswer(() => wrapped.cache.clear(), /no property cache\. Write wrapped\.invalidate/)
})

test("another library's name can be given to a method of one's own", async () => {
  const cache = untypedCache()
  Object.assign(cache, { del: cache.delete })
  expect(await cache.del?.('key')).toMatchObject({ outcome: 'applied' })
})

test('the names of other libraries do not appear in a cache that is printed, copied, compared or awaited', async () => {
  const cache = createCache(options())
  expect(inspect(cache, { getters: true })).not.toMatch(/calculatedSize|mget/)
  expect(Object.keys({ ...cache })).not.toContain('size')
  expect(await cache).toBe(cache)
  expect(cache).not.toEqual(createCache(options()))
  expect(() => structuredClone(Object.keys(cache))).not.toThrow()
})

test('code that recognises lists and emptiness by their length takes a cache for neither', () => {
  expect((createCache(options()) as unknown as ArrayLike<unknown>).length).toBeUndefined()
})

test("createCache('shop') answers with what to write", () => {
  expect(() => createCache('shop' as never)).toThrow(
    /options as an object, such as { name: 'shop' }; got 'shop'/,
  )
})

test.each([
  [
    'a getter that throws',
    {
      get id() {
        throw new Error('no id')
      },
    },
  ],
  ['a revoked proxy', revokedProxy()],
])('an argument with %s is refused as a part of a key', async (_, argument) => {
  const cached = createCache(options()).wrap(load, { name: 'load' })
  await expectAnswer(
    () => cached(argument),
    /Argument 1: an object that cannot be read cannot be part of a key/,
  )
})

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

test.each([
  ['getMany', []],
  ['deleteMany', []],
  ['getManyOrCompute', [() => []]],
])('a list with a hole is refused by %s', async (name, rest) => {
  const list: string[] = ['a']
  list[2] = 'c'
  await expectAnswer(() => untypedCache()[name]?.(list, ...rest), /takes a list; got a list with holes/)
})

test('a function whose name is not a text is described without it', async () => {
  const fn = Object.defineProperty(() => 1, 'name', { value: Symbol('name') })
  await expectAnswer(() => untypedCache().wrap?.(fn), /the function has no name/)
  await expectAnswer(() => untypedCache().get?.(fn), /A key is a string; got a function/)
})

test('a property of all objects, which some libraries add, is taken for no option', async () => {
  const prototype = Object.prototype as { added?: unknown }
  prototype.added = 1
  try {
    expect(await createCache(options()).getOrCompute('k', () => 1, { ttl: '1m' })).toBe(1)
  } finally {
    delete prototype.added
  }
})

test('names of other libraries do not show up in a printed or copied cache', () => {
  expect(Object.keys(untypedCache())).not.toContain('getOrSet')
  expect('getOrSet' in { ...untypedCache() }).toBe(false)
})

test.each<[wrong: object, message: RegExp]>([
  [{ tll: 1 }, /createCache has no option "tll". Write ttl\. Its options are: /],
  [{ staleWhileRevlidate: 1 }, /Write staleWhileRevalidate/],
  [{ maxEntries: 5 }, /createCache has no option "maxEntries"/],
  [{ enabled: 'false' }, /enabled must be true or false; got 'false'/],
  [{ schema: {} }, /schema must be a Standard Schema/],
  [{ compression: { treshold: 5 } }, /compression has no option "treshold". Write threshold/],
  [{ compression: 'gzip' }, /compression takes its options as an object/],
  [{ maxValueSize: '64 MB please' }, /'512kb', '64mb' or '1gb'/],
  [{ maxTagsPerEntry: 0 }, /maxTagsPerEntry must be a whole number above 0/],
  [{ cacheIf: true }, /cacheIf must be a function/],
  [{ sealer: 'secret' }, /encryption\({ keys }\)/],
  [{ clock: Date }, /clock must be an object/],
])('createCache(%o) answers with what to write', (wrong, message) => {
  expect(() => createCache({ ...options(), ...wrong } as never)).toThrow(message)
})

test('invalidate takes one tag, several, or a list', async () => {
  const cache = createCache(options())
  const write = () =>
    cache.setMany([
      ['a', 1],
      ['b', 2],
    ])
  for (const invalidate of [
    () => cache.invalidate('x', 'y'),
    () => cache.invalidate(['x', 'y']),
    () => cache.invalidate(['x', 'y'], { mode: 'hard' }),
  ]) {
    await write()
    await cache.set('a', 1, { tags: ['x'] })
    await cache.set('b', 2, { tags: ['y'] })
    await invalidate()
    expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined])
  }
})

test('an invalidation of no tags is applied: nothing waits for the store', async () => {
  expect(await createCache(options()).invalidate([])).toMatchObject({ outcome: 'applied' })
})

test('a single tag is accepted wherever tags are', async () => {
  const cache = createCache({ ...options(), tags: 'all' })
  const user = cache.wrap(load, { name: 'user', tags: ([id]) => `user:${id}` })
  await user(7)
  await cache.set('b', 1, { tags: 'user:7' })
  await cache.getOrCompute('c', () => 1, { tags: () => 'user:7' })
  await cache.getOrCompute('d', ({ tag }) => tag('user:7'), {})
  await cache.getManyOrCompute(['e'], () => [1], { tags: 'user:7' })
  await cache.getManyOrCompute(['f'], (_, { tag }) => {
    tag('f', ['user:7'])
    return [1]
  })
  expect(cache.peek('c')?.tags).toEqual(['user:7', 'user'])
  await cache.invalidate('user:7')
  expect([user.peek(7)?.state, ...['b', 'c', 'd', 'e', 'f'].map((key) => cache.peek(key)?.state)]).toEqual(
    Array.from({ length: 6 }, () => 'dead'),
  )
  await cache.set('g', 1)
  expect(cache.peek('g')?.tags).toEqual(['all'])
})

test.each<[ByteSize, bytes: number]>([
  [1_024, 1_024],
  ['64mb', 64 * 1024 * 1024],
  ['1.5kb', 1_536],
  ['10b', 10],
])('the size %s is %s bytes', (size, bytes) => {
  expect(toBytes(size, 'maxBytes')).toBe(bytes)
})

test.each<[name: string, nearest: string | undefined]>([
  ['tlt', 'ttl'],
  ['TTL', 'ttl'],
  ['maxEntires', 'maxEntries'],
  ['staleIfEror', 'staleIfError'],
  ['colour', undefined],
])('the option nearest to %s is %s', (name, nearest) => {
  expect(findNearestName(name, ['ttl', 'tags', 'maxEntries', 'staleIfError'])).toBe(nearest)
})

test('something else than a store is named, and a list of stores has its function', () => {
  const create = (store: unknown) => () => createCache({ name: 'test', store: store as never })
  expect(create(mapStore)).toThrow(/needs a store.*got the function mapStore/)
  expect(create([mapStore(), mapStore()])).toThrow(/got a list: tieredStore\(/)
})

test('the tags of a context cannot be changed by pushing one, which would be ignored', async () => {
  const cache = createCache(options())
  const push = cache.getOrCompute('k', ({ tags }) => (tags as string[]).push('user:7'))
  await expect(push).rejects.toThrow(TypeError)
})

test('the tags of a context are a plain list, which may be a part of the value', async () => {
  const cache = createCache(options())
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  const value = await cache.getOrCompute('k', (ctx) => {
    ctx.tag('user:7')
    return { tags: ctx.tags }
  })
  expect(Object.getPrototypeOf(value.tags)).toBe(Array.prototype)
  expect(await cache.get('k')).toEqual({ tags: ['user:7'] })
  expect(warnings).toEqual([])
})

test.each<[setting: string, given: unknown, message: RegExp]>([
  ['ttl', '5m', /called, not assigned\. Write ctx\.ttl\('5m'\)/],
  ['tags', ['user:7'], /called, not assigned\. Write ctx\.tag\('user:42'\)/],
  ['tag', 'user:7', /Write ctx\.tag\('user:42'\)/],
  ['skip', true, /Write ctx\.skip\(\)/],
])(
  'a setting that is assigned to ctx.%s is a warning that says what to call, and the value is not stored',
  async (setting, given, message) => {
    const cache = createCache(options())
    const warn = vi.fn()
    cache.on('warning', ({ message }) => warn(message))
    const assign = (context: object) => {
      Object.assign(context, { [setting]: given })
      return 1
    }
    expect(await cache.getOrCompute('k', assign)).toBe(1)
    expect(await cache.has('k')).toBe(false)
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(message))
  },
)

import { expect, expectTypeOf, test, vi } from 'vitest'
import { type CacheOptions, createCache } from '../src/index'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWire, createWorld } from './support/world'

const createTestCache = (options: Partial<CacheOptions> = {}) =>
  createCache({ name: 'test', store: mapStore(), clock: manualClock(), ...options })

const loadRows = () => vi.fn(async (keys: readonly string[]) => keys.map((key) => ({ key })))

test('keys that are asked for in one tick are loaded by one call', async () => {
  const loadMany = loadRows()
  const load = createTestCache().loader(loadMany)
  const rows = await Promise.all(['a', 'b', 'c'].map((key) => load(key)))
  expect(rows).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }])
  expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([['a', 'b', 'c']])
})

test('keys that follow from promises of the same tick join its batch', async () => {
  const loadMany = loadRows()
  const load = createTestCache().loader(loadMany)
  const nested = async (key: string) => {
    await Promise.resolve()
    return load(key)
  }
  await Promise.all([load('a'), nested('b')])
  expect(loadMany).toHaveBeenCalledTimes(1)
})

test('only missing keys are loaded, and after an invalidation only that one', async () => {
  const cache = createTestCache()
  const loadMany = loadRows()
  const load = cache.loader(loadMany, { tags: (_, key) => [`row:${key}`] })
  await Promise.all([load('a'), load('b')])
  await Promise.all([load('a'), load('c')])
  await cache.invalidate('row:a')
  await Promise.all([load('a'), load('b'), load('c')])
  expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([['a', 'b'], ['c'], ['a']])
})

test('two callers of one key share one load and get a copy each', async () => {
  const loadMany = loadRows()
  const load = createTestCache().loader(loadMany)
  const [first, second] = await Promise.all([load('a'), load('a')])
  expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([['a']])
  expect(first).toEqual(second)
  expect(first).not.toBe(second)
})

test('a wrong result of the source names the loader, and what to return', async () => {
  const load = createTestCache().loader(async () => [1])
  const results = await Promise.allSettled([load('a'), load('b')])
  for (const result of results)
    expect(result).toMatchObject({
      reason: expect.objectContaining({
        code: 'COMPUTE_FAILED',
        message: expect.stringMatching(/^loader: the function was called with 2 keys and returned 1 values/),
      }),
    })
})

test('an error in the place of a row fails the callers of its key alone, as with a DataLoader', async () => {
  const load = createTestCache().loader(async (keys) =>
    keys.map((key) => (key === 'a' ? { key } : new Error(`no row ${key}`))),
  )
  const [a, b] = await Promise.allSettled([load('a'), load('b')])
  expect(a).toEqual({ status: 'fulfilled', value: { key: 'a' } })
  expect(b).toMatchObject({ status: 'rejected', reason: new Error('no row b') })
  expectTypeOf(load).returns.resolves.toEqualTypeOf<{ key: string } | undefined>()
})

test('a failure of the source fails only the callers whose keys it was called for', async () => {
  const cache = createTestCache({ store: createWorld(manualClock()).store() })
  await cache.set('cached', 1)
  const load = cache.loader<number>(async () => {
    throw new Error('the source is down')
  })
  const results = await Promise.allSettled([load('cached'), load('missing')])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(results[1]).toMatchObject({ reason: new Error('the source is down') })
})

test('a cached key whose shared entry is found late is not failed by its neighbours', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const there = createTestCache({ store: world.store(), clock })
  const here = createTestCache({ store: world.store(), clock })
  await clock.advance(1_000)
  await there.set('cached', 1)
  const load = here.loader<number>(async () => {
    throw new Error('the source is down')
  })
  const results = await Promise.allSettled([load('cached'), load('missing')])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('a key that is no key fails its own caller alone', async () => {
  const load = createTestCache().loader(loadRows())
  const results = await Promise.allSettled([load(7 as never), load('a')])
  expect(results[0]).toMatchObject({ reason: { code: 'BAD_KEY' } })
  expect(results[1]).toMatchObject({ value: { key: 'a' } })
})

test('a batch is no larger than maxBatchSize', async () => {
  const loadMany = loadRows()
  const load = createTestCache().loader(loadMany, { maxBatchSize: 2 })
  await Promise.all(['a', 'b', 'c'].map((key) => load(key)))
  expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([['a', 'b'], ['c']])
})

test('a loader of a namespace uses its keys, and passes the keys as they were asked for', async () => {
  const cache = createTestCache()
  const users = cache.namespace('users')
  const loadMany = loadRows()
  await users.loader(loadMany)('1')
  expect(loadMany.mock.calls[0]?.[0]).toEqual(['1'])
  expect(await users.get('1')).toEqual({ key: '1' })
  expect(await cache.get('1')).toBeUndefined()
})

test('each of several computations depends on its own keys, though they load in the same tick', async () => {
  const cache = createTestCache()
  const load = cache.loader(loadRows(), { tags: (_, key) => [`row:${key}`] })
  const page = (key: string) => cache.getOrCompute(`page ${key}`, () => load(key))
  await Promise.all([page('a'), page('b')])
  await cache.invalidate('row:b')
  expect(await cache.get('page a')).toEqual({ key: 'a' })
  expect(await cache.get('page b')).toBeUndefined()
})

test('rows of a transaction are loaded for its callers alone, and are not stored', async () => {
  const cache = createTestCache()
  let row = 'committed'
  const load = cache.loader(async (keys) => keys.map(() => row))
  const outside = load('a')
  const inside = cache.transaction(async () => {
    const first = load('a')
    row = 'uncommitted'
    return first
  })
  await Promise.all([outside, inside])
  expect(await cache.transaction(() => load('b'))).toBe('uncommitted')
  expect(await cache.get('b')).toBeUndefined()
})

test('a loader that outlives its cache goes on loading', async () => {
  const cache = createTestCache()
  const loadMany = loadRows()
  const load = cache.loader(loadMany)
  await load('a')
  await cache.close()
  expect(await Promise.all([load('a'), load('b')])).toEqual([{ key: 'a' }, { key: 'b' }])
})

test('wrong calls of loader say what to write', () => {
  const cache = createTestCache()
  expect(() => cache.loader('users' as never)).toThrow(
    /cache.loader\(\(keys\) => loadMany\(keys\), options\)/,
  )
  expect(() => cache.loader(loadRows(), { tll: 1 } as never)).toThrow(/loader has no option "tll". Write ttl/)
  expect(() => cache.loader(loadRows(), { maxBatchSize: 0 })).toThrow(/maxBatchSize/)
})

test('keys({ live: true }) lists only keys with an entry that may still be served', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  for (const store of [mapStore(), world.store(), world.store({ local: false })]) {
    const cache = createTestCache({ store, clock })
    await clock.advance(1_000)
    await cache.set('fresh', 1)
    await cache.set('invalidated', 1, { tags: 't' })
    await cache.set('expired', 1, { ttl: 10 })
    await cache.set('stale', 1, { ttl: 10, staleWhileRevalidate: '1h' })
    await cache.namespace('inner').set('fresh', 1)
    await cache
      .getOrCompute('failed', () => Promise.reject(new Error('no')), { errorTtl: '1h' })
      .catch(() => 0)
    await cache.invalidate('t')
    await clock.advance(100)
    const { keys } = await cache.keys({ live: true, pattern: '*' })
    expect(keys.map(({ namespace, key }) => [...namespace, key].join('/')).sort()).toEqual([
      'fresh',
      'inner/fresh',
      'stale',
    ])
    await cache.clear()
    expect((await cache.keys({ live: true })).keys).toEqual([])
    await flushPromises()
  }
})

test('keys({ live: true }) reads the entries of a page with one command per five hundred', async () => {
  const clock = manualClock()
  const wire = createWire()
  const cache = createTestCache({ store: createWorld(clock).store({ local: false, wire }), clock })
  await clock.advance(1_000)
  await cache.setMany(Array.from({ length: 1_200 }, (_, index) => [`k${index}`, index] as const))
  const before = wire.calls.get ?? 0
  const { keys } = await cache.keys({ live: true, limit: 1_200 })
  expect(keys).toHaveLength(1_200)
  expect((wire.calls.get ?? 0) - before).toBe(3)
})

test('ttlOf is the remaining freshness, in any tier, and undefined without a fresh value', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const here = createTestCache({ store: world.store(), clock })
  const there = createTestCache({ store: world.store(), clock })
  await clock.advance(1_000)
  await here.set('k', 1, { ttl: 60_000, tags: 't' })
  await here.set('forever', 1, { ttl: Number.POSITIVE_INFINITY })
  await clock.advance(20_000)
  expect(await here.ttlOf('k')).toBe(40_000)
  expect(await there.ttlOf('k')).toBe(40_000)
  expect(await here.ttlOf('forever')).toBe(Number.POSITIVE_INFINITY)
  expect(await here.ttlOf('absent')).toBeUndefined()
  await here.invalidate('t')
  expect(await here.ttlOf('k')).toBeUndefined()
  await here.set('k', 1, { ttl: 10, staleWhileRevalidate: '1h' })
  await clock.advance(10)
  expect(await here.ttlOf('k')).toBeUndefined()
})

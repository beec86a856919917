import { createCache, type LocalTier } from '@larder/core'
import { describe, expect, test } from 'vitest'
import { type MemoryStoreOptions, memoryStore, sizeOf } from '../src/index'

const cacheOn = (options?: MemoryStoreOptions) =>
  createCache({ name: 'test', store: memoryStore(options), ttl: '1h' })

describe('memoryStore', () => {
  test('evicts the least recently used entry when there are more than maxEntries', async () => {
    const cache = cacheOn({ maxEntries: 3 })
    const evicted: string[] = []
    cache.on('evict', ({ key }) => evicted.push(key))
    for (const key of ['a', 'b', 'c']) await cache.set(key, key)
    await cache.get('a')
    cache.peek('b')
    await cache.set('d', 'd')
    expect(await cache.getMany(['a', 'b', 'c', 'd'])).toEqual(['a', undefined, 'c', 'd'])
    expect(evicted).toEqual(['b'])
    expect(cache.stats()).toMatchObject({ evictions: 1, usage: { entries: 3, maxEntries: 3 } })
  })

  test('stays below maxBytes, counting values, keys and tags', async () => {
    const cache = cacheOn({ maxBytes: 100_000 })
    for (let index = 0; index < 500; index += 1)
      await cache.set(`key number ${index}`, 'x'.repeat(1_000), { tags: ['some:tag'] })
    const { usage } = cache.stats()
    expect(usage?.bytes).toBeLessThanOrEqual(100_000)
    expect(usage?.entries).toBeGreaterThan(70)
    expect(usage?.entries).toBeLessThan(90)
  })

  test('does not keep a value larger than maxBytes, and keeps the other entries', async () => {
    const cache = cacheOn({ maxBytes: 10_000 })
    await cache.set('small', 1)
    expect(await cache.getOrCompute('large', () => 'x'.repeat(20_000))).toHaveLength(20_000)
    expect(await cache.getMany(['small', 'large'])).toEqual([1, undefined])
  })

  test('uses the sizes that the weigh option returns', async () => {
    const cache = cacheOn({ maxBytes: 10_000, weigh: () => 4_000 })
    for (const key of ['a', 'b', 'c']) await cache.set(key, 0)
    expect(cache.stats().usage?.entries).toBe(2)
  })

  test('has bounds by default', () => {
    expect(cacheOn().stats().usage).toMatchObject({ maxEntries: 10_000, maxBytes: 67_108_864 })
  })

  test('does not share entries between two caches on one store', async () => {
    const store = memoryStore()
    const [a, b] = [1, 2].map(() => createCache({ name: 'test', store }))
    await a!.set('k', 1)
    expect(await b!.get('k')).toBeUndefined()
  })

  test.each([{ maxEntries: 0 }, { maxBytes: Number.POSITIVE_INFINITY }, { maxEntries: 1.5 }])(
    'rejects %o as a bound',
    (options) => {
      expect(() => memoryStore(options)).toThrow(/must be a (whole number above 0|size in bytes)/)
    },
  )

  test.each<[options: unknown, message: RegExp]>([
    [{ max: 500 }, /memoryStore has no option "max"\. Write maxEntries\./],
    [{ ttl: 60_000 }, /memoryStore has no option "ttl"/],
    ['10mb', /such as { maxBytes: '10mb' }; got '10mb'/],
    [500, /such as { maxEntries: 500 }; got 500/],
    [{ eviction: 'lru' }, /eviction must be a function such as lru\(\)/],
  ])('answers the options %o of other libraries with what to write', (options, message) => {
    expect(() => memoryStore(options as never)).toThrow(message)
  })

  test('rejects a maxTtl that is not a duration', () => {
    expect(() => memoryStore({ maxTtl: '5 min' as never })).toThrow(/maxTtl/)
  })
})

test('ten thousand cached responses take less than 100 MB', async () => {
  const { local } = memoryStore({ maxBytes: 200 * 1024 * 1024 }).open({
    name: 'test',
    clock: {
      now: Date.now,
      monotonic: () => 0,
      random: Math.random,
      timeout: () => () => undefined,
      background: () => () => undefined,
    },
    report: () => undefined,
    evicted: () => undefined,
  }) as { local: LocalTier }
  const response = () => ({
    rows: Array.from({ length: 20 }, (_, id) => ({ id, name: `name of ${id}`, price: id / 3 })),
  })
  const copy = (value: unknown) => value
  for (let index = 0; index < 10_000; index += 1) {
    const times = {
      asOf: 1,
      term: 0,
      createdAt: 0,
      freshUntil: 1,
      staleUntil: 1,
      errorUntil: 1,
      computeTime: 1,
      refreshAt: 1,
      checkedAt: 1,
      clockOffset: 0,
    }
    local.set({
      key: `GET /products?page=${index}`,
      kind: 'value',
      value: response(),
      tags: ['products'],
      copy,
      sequence: 0,
      startedAt: { wall: 0, monotonic: 0 },
      ...times,
    })
  }
  expect(local.usage()).toMatchObject({ entries: 10_000 })
  expect(local.usage().bytes).toBeLessThan(100_000_000)
})

describe('sizeOf', () => {
  test('weighs the items of a list, and not the holes between them', () => {
    const list: unknown[] = ['first']
    list[3_000_000_000] = 'last'
    expect(sizeOf(list)).toBeLessThan(1_000)
    expect(sizeOf({ rows: new Array(4_000_000_000) })).toBeLessThan(1_000)
  })

  test('is at least the size of the text, bytes or items in a value', () => {
    expect(sizeOf('x'.repeat(1_000))).toBeGreaterThanOrEqual(1_000)
    expect(sizeOf('Ж'.repeat(1_000))).toBeGreaterThanOrEqual(2_000)
    expect(sizeOf(Buffer.alloc(5_000))).toBeGreaterThanOrEqual(5_000)
    expect(sizeOf(new Map([['a', 'x'.repeat(500)]]))).toBeGreaterThan(500)
    expect(sizeOf(new Set(['x'.repeat(500)]))).toBeGreaterThan(500)
    expect(sizeOf(2n ** 800n)).toBeGreaterThan(100)
  })

  test('counts an object once if a value contains it twice', () => {
    const text = { text: 'x'.repeat(1_000) }
    expect(sizeOf([text, text])).toBeLessThan(sizeOf([text, { ...text }]) - 1_000)
  })

  test('estimates large collections from a sample of their items', () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, name: 'twelve chars' }))
    const sample = sizeOf(rows.slice(0, 100)) / 100
    expect(sizeOf(rows) / rows.length).toBeGreaterThan(sample * 0.5)
    expect(sizeOf(rows) / rows.length).toBeLessThan(sample * 2)
  })

  test('terminates for values that contain themselves', () => {
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    expect(sizeOf(cyclic)).toBeGreaterThan(0)
  })

  test('terminates for very deep values', () => {
    let chain: { next?: object } = {}
    for (let index = 0; index < 100_000; index += 1) chain = { next: chain }
    expect(sizeOf(chain)).toBeGreaterThan(1_000)
  })
})

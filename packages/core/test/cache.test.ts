import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { alteredStore } from './support/altered-store'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

function memoryCache() {
  const clock = manualClock()
  return { clock, cache: createCache({ name: 'test', store: mapStore(), clock }) }
}

describe('reading and writing', () => {
  test('get returns a value that was set until its ttl ends', async () => {
    const { cache, clock } = memoryCache()
    await cache.set('a', { n: 1 }, { ttl: '10s' })
    expect(await cache.get('a')).toEqual({ n: 1 })
    expect(await cache.has('a')).toBe(true)
    await clock.advance(9_999)
    expect(await cache.has('a')).toBe(true)
    await clock.advance(1)
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.has('a')).toBe(false)
  })

  test.each([0, '', false, null, undefined, Number.NaN])(
    '%s is cached like any other value',
    async (value) => {
      const { cache } = memoryCache()
      let runs = 0
      const compute = () => {
        runs += 1
        return value
      }
      expect(await cache.getOrCompute('k', compute)).toBe(value)
      expect(await cache.getOrCompute('k', compute)).toBe(value)
      expect(runs).toBe(1)
      expect(await cache.has('k')).toBe(true)
    },
  )

  test('getMany, setMany and deleteMany keep the order of the keys', async () => {
    const { cache } = memoryCache()
    await cache.setMany([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    expect(await cache.getMany(['c', 'x', 'a'])).toEqual([3, undefined, 1])
    await cache.deleteMany(['a', 'b'])
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual([undefined, undefined, 3])
  })

  test('clear ends every entry of the cache and its namespaces', async () => {
    const { cache } = memoryCache()
    await cache.set('a', 1)
    await cache.namespace('n').set('a', 2)
    await cache.clear()
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.namespace('n').get('a')).toBeUndefined()
  })

  test('touch gives a value a new ttl from now on and does not change it', async () => {
    const { cache, clock } = memoryCache()
    await cache.set('a', 1, { ttl: 1_000, tags: ['t'] })
    await clock.advance(900)
    expect(await cache.touch('a', '1s')).toBe(true)
    await clock.advance(900)
    expect(await cache.get('a')).toBe(1)
    await cache.invalidate('t')
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.touch('a', '1s')).toBe(false)
  })

  test('touch limits a value without an end, in shared stores too', async () => {
    const clock = manualClock()
    const keptFor: number[] = []
    const store = alteredStore(createWorld(clock).store({ local: false }), (tier) => ({
      set(writes) {
        keptFor.push(...writes.map(({ keepFor }) => keepFor))
        return tier.set(writes)
      },
    }))
    const cache = createCache({ name: 'test', store, clock })
    await clock.advance(1_000)
    await cache.set('a', 1, { ttl: Number.POSITIVE_INFINITY, staleIfError: '1h' })
    expect(await cache.touch('a', '1m')).toBe(true)
    expect(await cache.touch('a', Number.POSITIVE_INFINITY)).toBe(true)
    expect(keptFor).toEqual([Number.POSITIVE_INFINITY, 60_000, Number.POSITIVE_INFINITY])
  })

  test('touch moves the stale windows of a value with its end of freshness', async () => {
    const { cache, clock } = memoryCache()
    await cache.set('a', 1, { ttl: 1_000, staleWhileRevalidate: 500, staleIfError: Number.POSITIVE_INFINITY })
    await cache.touch('a', 2_000)
    await clock.advance(2_499)
    expect(cache.peek('a')?.state).toBe('stale')
    await clock.advance(1)
    expect(cache.peek('a')?.state).toBe('fallback')
    await cache.set('endless', 1, { ttl: Number.POSITIVE_INFINITY, staleIfError: '1h' })
    await cache.touch('endless', 1_000)
    await clock.advance(1_000)
    expect(cache.peek('endless')?.state).toBe('dead')
  })

  test('touch returns false for a remembered error', async () => {
    const { cache, clock } = memoryCache()
    const fail = () => Promise.reject(new Error('down'))
    await expect(cache.getOrCompute('a', fail, { errorTtl: '1s' })).rejects.toThrow('down')
    expect(await cache.touch('a', '1h')).toBe(false)
    await clock.advance(1_000)
    expect(await cache.getOrCompute('a', () => 1)).toBe(1)
  })

  test('peek shows the local entry in any state and changes nothing', async () => {
    const { cache, clock } = memoryCache()
    await cache.set('a', { n: 1 }, { ttl: 1_000, staleWhileRevalidate: 1_000, tags: ['t'] })
    expect(cache.peek('a')).toMatchObject({ value: { n: 1 }, state: 'fresh', tags: ['t'] })
    await clock.advance(1_500)
    expect(cache.peek('a')?.state).toBe('stale')
    expect(cache.peek('missing')).toBeUndefined()
    expect(cache.stats().misses).toBe(0)
  })
})

describe('namespaces', () => {
  test('keys of different namespaces and of the root never collide', async () => {
    const { cache } = memoryCache()
    const places = [
      cache,
      cache.namespace('a'),
      cache.namespace('a').namespace('b'),
      cache.namespace('a/b'),
      cache.namespace('@'),
    ]
    const keys = ['k', '@a/k', '@a/@b/k', '/k', '@/k', 'b/k']
    for (const [at, place] of places.entries()) for (const key of keys) await place.set(key, `${at} ${key}`)
    for (const [at, place] of places.entries())
      for (const key of keys) expect(await place.get(key)).toBe(`${at} ${key}`)
  })

  test('clearing a namespace ends its entries and those of its inner namespaces only', async () => {
    const { cache } = memoryCache()
    await cache.set('k', 0)
    await cache.namespace('a').set('k', 1)
    await cache.namespace('a').namespace('b').set('k', 2)
    await cache.namespace('c').set('k', 3)
    await cache.namespace('a').clear()
    expect(await cache.get('k')).toBe(0)
    expect(await cache.namespace('a').get('k')).toBeUndefined()
    expect(await cache.namespace('a').namespace('b').get('k')).toBeUndefined()
    expect(await cache.namespace('c').get('k')).toBe(3)
  })

  test('tags are shared between namespaces', async () => {
    const { cache } = memoryCache()
    await cache.namespace('a').set('k', 1, { tags: ['t'] })
    await cache.namespace('b').invalidate('t')
    expect(await cache.namespace('a').get('k')).toBeUndefined()
  })
})

describe('closing', () => {
  test('a closed cache rejects writes and computes without caching', async () => {
    const { cache } = memoryCache()
    await cache.close()
    await expect(cache.set('a', 1)).rejects.toMatchObject({ code: 'CACHE_CLOSED' })
    let runs = 0
    const compute = () => {
      runs += 1
      return runs
    }
    expect(await cache.getOrCompute('a', compute)).toBe(1)
    expect(await cache.getOrCompute('a', compute)).toBe(2)
    expect(await cache.getManyOrCompute(['a', 'b'], () => [3, 4])).toEqual([3, 4])
  })

  test('get of a closed cache finds no value, because invalidations no longer arrive', async () => {
    const { cache } = memoryCache()
    await cache.set('a', 1)
    await cache.close()
    expect([await cache.get('a'), await cache.has('a')]).toEqual([undefined, false])
    await expect(cache.touch('a', '1h')).rejects.toMatchObject({ code: 'CACHE_CLOSED' })
  })

  test('`await using` closes the cache', async () => {
    const clock = manualClock()
    const { cache } = memoryCache()
    {
      await using scoped = createCache({ name: 'scoped', store: mapStore(), clock })
      await scoped.set('a', 1)
    }
    expect(clock.held).toBe(0)
    await cache.close()
    await cache.close()
  })
})

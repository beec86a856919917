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
  test('a value that was set is found until its ttl ends', async () => {
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

  test.each([0, '', false, null, undefined, Number.NaN])('%s is a value like any other', async (value) => {
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
  })

  test('many keys are read, written and deleted in the order they are given', async () => {
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

  test('clear ends everything, here and in every namespace', async () => {
    const { cache } = memoryCache()
    await cache.set('a', 1)
    await cache.namespace('n').set('a', 2)
    await cache.clear()
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.namespace('n').get('a')).toBeUndefined()
  })

  test('touch gives a value a new life from now on and leaves it as it is', async () => {
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

  test('touch gives a value without end one, and lets no store keep it for longer', async () => {
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

  test('touch moves the windows of a value with its end', async () => {
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

  test('touch finds no value in an error that is remembered', async () => {
    const { cache, clock } = memoryCache()
    const fail = () => Promise.reject(new Error('down'))
    await expect(cache.getOrCompute('a', fail, { errorTtl: '1s' })).rejects.toThrow('down')
    expect(await cache.touch('a', '1h')).toBe(false)
    await clock.advance(1_000)
    expect(await cache.getOrCompute('a', () => 1)).toBe(1)
  })

  test('peek shows what is at hand, in whatever state, and changes nothing', async () => {
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
  test('keys of a namespace, of its neighbours and of the root never meet', async () => {
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

  test('clearing one ends what is in it and within it, and nothing beside it', async () => {
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
  test('a closed cache refuses to write, and computes without caching', async () => {
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

  test('a closed cache finds nothing: it hears of no invalidation any more', async () => {
    const { cache } = memoryCache()
    await cache.set('a', 1)
    await cache.close()
    expect([await cache.get('a'), await cache.has('a')]).toEqual([undefined, false])
    await expect(cache.touch('a', '1h')).rejects.toMatchObject({ code: 'CACHE_CLOSED' })
  })

  test('`await using` closes it', async () => {
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

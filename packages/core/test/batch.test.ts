import { describe, expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { alteredStore } from './support/altered-store'
import { blockedComputation } from './support/blocked-computation'
import { manualClock, settle } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld, wire } from './support/world'

function subject() {
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: mapStore(), clock })
  const calls: string[][] = []
  const load = async (keys: string[]) => {
    calls.push(keys)
    return keys.map((key) => `value of ${key}`)
  }
  return { clock, cache, calls, load }
}

describe('getManyOrCompute', () => {
  test('calls the function once, for all that is missing, and answers in order', async () => {
    const { cache, calls, load } = subject()
    await cache.set('b', 'cached')
    expect(await cache.getManyOrCompute(['c', 'b', 'a', 'c'], load)).toEqual([
      'value of c',
      'cached',
      'value of a',
      'value of c',
    ])
    expect(calls).toEqual([['c', 'a']])
    await cache.getManyOrCompute(['a', 'b', 'c'], load)
    expect(calls).toHaveLength(1)
  })

  test('takes a map as well; what it lacks is undefined', async () => {
    const { cache } = subject()
    expect(await cache.getManyOrCompute(['a', 'b'], () => new Map([['a', 1]]))).toEqual([1, undefined])
  })

  test('refuses an array of another length', async () => {
    const { cache } = subject()
    await expect(cache.getManyOrCompute(['a', 'b'], () => [1])).rejects.toMatchObject({
      code: 'COMPUTE_FAILED',
    })
  })

  test('of no keys asks nobody', async () => {
    const { cache, calls, load } = subject()
    expect(await cache.getManyOrCompute([], load)).toEqual([])
    expect(calls).toEqual([])
  })

  test('awaits keys that others compute, and does not wait for them before it computes the rest', async () => {
    const { cache, calls, load } = subject()
    const other = blockedComputation('from elsewhere')
    const alone = cache.getOrCompute('b', other.compute)
    await settle()
    const many = cache.getManyOrCompute(['a', 'b', 'c'], load)
    await settle()
    expect(calls).toEqual([['a', 'c']])
    await other.release()
    expect(await many).toEqual(['value of a', 'from elsewhere', 'value of c'])
    expect(await alone).toBe('from elsewhere')
  })

  test('lets others wait for its keys', async () => {
    const { cache } = subject()
    const source = blockedComputation(['one', 'two'])
    const many = cache.getManyOrCompute(['a', 'b'], source.compute)
    await settle()
    const single = cache.getOrCompute('b', () => 'unused')
    await source.release()
    expect(await many).toEqual(['one', 'two'])
    expect(await single).toBe('two')
  })

  test('fifty callers of the same keys call the function once', async () => {
    const { cache, calls, load } = subject()
    await Promise.all(Array.from({ length: 50 }, () => cache.getManyOrCompute(['a', 'b'], load)))
    expect(calls).toEqual([['a', 'b']])
  })

  test('a failure reaches every caller unchanged', async () => {
    const { cache } = subject()
    const failure = new Error('down')
    const failing = () => Promise.reject(failure)
    await expect(cache.getManyOrCompute(['a', 'b'], failing)).rejects.toBe(failure)
  })

  test('has tags, ttl and cacheIf per key', async () => {
    const { cache, clock, load } = subject()
    await cache.getManyOrCompute(['a', 'b', 'c'], load, {
      tags: (value, key) => [`item:${key}`, value.slice(-1)],
      ttl: (_, key) => (key === 'b' ? '1s' : '1h'),
      cacheIf: (_, key) => key !== 'c',
    })
    expect(await cache.has('c')).toBe(false)
    await clock.advance(1_000)
    expect(await cache.getMany(['a', 'b'])).toEqual(['value of a', undefined])
    await cache.invalidate('item:a')
    expect(await cache.has('a')).toBe(false)
  })

  test('the function can say things about single keys', async () => {
    const { cache } = subject()
    await cache.getManyOrCompute(['a', 'b'], (keys, context) => {
      context.tag('a', 'found')
      context.skip('b')
      return keys
    })
    expect(await cache.has('b')).toBe(false)
    await cache.invalidate('found')
    expect(await cache.has('a')).toBe(false)
  })

  test('what the function reads through the cache is a dependency of every key', async () => {
    const { cache } = subject()
    await cache.getManyOrCompute(['a', 'b'], async (keys) => {
      await cache.getOrCompute('inner', () => 1, { tags: ['t'] })
      return keys
    })
    await cache.invalidate('t')
    expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined])
  })

  test.each(['a', 'b', 'c'])(
    'a function that reads %s of its own keys computes it instead of waiting for itself',
    async (key) => {
      const { cache } = subject()
      const load = vi.fn(async (keys: string[]) => {
        const alone = await cache.namespace('shop').getOrCompute(key, () => `alone ${key}`)
        return keys.map((name) => `${name} with ${alone}`)
      })
      expect(await cache.namespace('shop').getManyOrCompute(['a', 'b', 'c'], load)).toEqual(
        ['a', 'b', 'c'].map((name) => `${name} with alone ${key}`),
      )
      expect(load).toHaveBeenCalledTimes(1)
    },
  )

  test('what the function reads besides its own keys is cached, also at the empty key and under the same name elsewhere', async () => {
    const { cache } = subject()
    const shop = cache.namespace('shop')
    await shop.getManyOrCompute(['a', 'b'], async (keys) => {
      await cache.getOrCompute('', () => 'of the empty key')
      await cache.getOrCompute('a', () => 'of the root')
      return keys
    })
    expect(await cache.getMany(['', 'a'])).toEqual(['of the empty key', 'of the root'])
  })

  test('looks once in a shared store', async () => {
    const clock = manualClock()
    const own = wire()
    const cache = createCache({
      name: 'test',
      store: createWorld(clock).store({ local: false, wire: own }),
      clock,
    })
    await clock.advance(1_000)
    const keys = Array.from({ length: 100 }, (_, at) => `k${at}`)
    await cache.getManyOrCompute(keys, (missing) => missing)
    expect(own.calls.get).toBe(1)
    await settle()
    await cache.getManyOrCompute(keys, () => [])
    expect(own.calls.get).toBe(2)
  })
})

test.each([
  [500, [500]],
  [1_201, [500, 500, 201]],
])(
  '%i keys are asked of a shared store in questions of 500, all at the same time',
  async (count, questions) => {
    const clock = manualClock()
    const world = createWorld(clock)
    const writer = createCache({ name: 'test', store: world.store(), clock })
    const sizes: number[] = []
    const answers = blockedComputation(undefined)
    const store = alteredStore(world.store({ local: false }), (tier) => ({
      async get(keys) {
        sizes.push(keys.length)
        await answers.compute()
        return tier.get(keys)
      },
    }))
    const reader = createCache({ name: 'test', store, clock })
    await clock.advance(1_000)
    const keys = Array.from({ length: count }, (_, at) => `k${at}`)
    await writer.setMany(keys.map((key) => [key, `value of ${key}`] as const))
    const values = reader.getMany(keys)
    await settle()
    expect(sizes).toEqual(questions)
    await answers.release()
    expect(await values).toEqual(keys.map((key) => `value of ${key}`))
    await Promise.all([writer.close(), reader.close()])
  },
)

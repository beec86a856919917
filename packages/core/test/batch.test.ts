import { describe, expect, test, vi } from 'vitest'
import { type ComputeManyContext, createCache } from '../src/index'
import { alteredStore } from './support/altered-store'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWire, createWorld } from './support/world'

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
  test('calls the function once for all missing keys and returns the values in order', async () => {
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

  test('accepts a Map; a key that it lacks is undefined', async () => {
    const { cache } = subject()
    expect(await cache.getManyOrCompute(['a', 'b'], () => new Map([['a', 1]]))).toEqual([1, undefined])
  })

  test('rejects if the function returns an array of another length', async () => {
    const { cache } = subject()
    await expect(cache.getManyOrCompute(['a', 'b'], () => [1])).rejects.toMatchObject({
      code: 'COMPUTE_FAILED',
    })
  })

  test('does not call the function for an empty list of keys', async () => {
    const { cache, calls, load } = subject()
    expect(await cache.getManyOrCompute([], load)).toEqual([])
    expect(calls).toEqual([])
  })

  test('awaits keys that other callers compute, and computes the rest meanwhile', async () => {
    const { cache, calls, load } = subject()
    const other = blockedComputation('from elsewhere')
    const alone = cache.getOrCompute('b', other.compute)
    await flushPromises()
    const many = cache.getManyOrCompute(['a', 'b', 'c'], load)
    await flushPromises()
    expect(calls).toEqual([['a', 'c']])
    await other.release()
    expect(await many).toEqual(['value of a', 'from elsewhere', 'value of c'])
    expect(await alone).toBe('from elsewhere')
  })

  test('lets other callers join the computation of its keys', async () => {
    const { cache } = subject()
    const source = blockedComputation(['one', 'two'])
    const many = cache.getManyOrCompute(['a', 'b'], source.compute)
    await flushPromises()
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

  test('rejects every caller with the error of the function itself', async () => {
    const { cache } = subject()
    const failure = new Error('down')
    const failing = () => Promise.reject(failure)
    await expect(cache.getManyOrCompute(['a', 'b'], failing)).rejects.toBe(failure)
  })

  test('applies tags, ttl and cacheIf per key', async () => {
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

  test('lets the function set tags and ttl, and skip storing, per key', async () => {
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

  test('makes every key depend on the cached values that the function reads', async () => {
    const { cache } = subject()
    await cache.getManyOrCompute(['a', 'b'], async (keys) => {
      await cache.getOrCompute('inner', () => 1, { tags: ['t'] })
      return keys
    })
    await cache.invalidate('t')
    expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined])
  })

  test.each(['a', 'b', 'c'])(
    'a function that reads its own key %s computes it instead of waiting for itself',
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

  describe('whose function fails', () => {
    /** Rows that cannot be loaded until a cached setting is switched on, and invalidated. */
    function rowsBehindSetting() {
      const { cache } = subject()
      let isOn = false
      const setting = () => cache.getOrCompute('setting', () => isOn, { tags: 'settings' })
      const load = async (keys: string[]) => {
        if (!(await setting())) throw new Error('switched off')
        return keys
      }
      const loadRows = () => cache.getManyOrCompute(['a', 'b'], load, { errorTtl: '1h' })
      async function switchOn() {
        isOn = true
        await cache.invalidate('settings')
      }
      return { cache, loadRows, switchOn }
    }

    test('makes the remembered errors depend on what it had read', async () => {
      const { loadRows, switchOn } = rowsBehindSetting()
      await expect(loadRows()).rejects.toThrow('switched off')
      await switchOn()
      expect(await loadRows()).toEqual(['a', 'b'])
    })

    test('makes a value that was computed without the rows depend on that, too', async () => {
      const { cache, loadRows, switchOn } = rowsBehindSetting()
      const page = () => cache.getOrCompute('page', () => loadRows().catch(() => 'no rows'))
      expect(await page()).toBe('no rows')
      await switchOn()
      expect(await page()).toEqual(['a', 'b'])
    })

    test('makes the remembered errors carry the tags that it had set', async () => {
      const { cache } = subject()
      const load = vi.fn((_: string[], { tag }: ComputeManyContext) => {
        tag('a', 'row:a')
        throw new Error('down')
      })
      const loadRow = () => cache.getManyOrCompute(['a'], load, { errorTtl: '1h' })
      await expect(loadRow()).rejects.toThrow('down')
      await cache.invalidate('row:a')
      await expect(loadRow()).rejects.toThrow('down')
      expect(load).toHaveBeenCalledTimes(2)
    })
  })

  test('caches other keys that the function reads, including the empty key and the same name in another namespace', async () => {
    const { cache } = subject()
    const shop = cache.namespace('shop')
    await shop.getManyOrCompute(['a', 'b'], async (keys) => {
      await cache.getOrCompute('', () => 'of the empty key')
      await cache.getOrCompute('a', () => 'of the root')
      return keys
    })
    expect(await cache.getMany(['', 'a'])).toEqual(['of the empty key', 'of the root'])
  })

  test('looks all keys up with one command in a shared store', async () => {
    const clock = manualClock()
    const own = createWire()
    const cache = createCache({
      name: 'test',
      store: createWorld(clock).store({ local: false, wire: own }),
      clock,
    })
    await clock.advance(1_000)
    const keys = Array.from({ length: 100 }, (_, at) => `k${at}`)
    await cache.getManyOrCompute(keys, (missing) => missing)
    expect(own.calls.get).toBe(1)
    await flushPromises()
    await cache.getManyOrCompute(keys, () => [])
    expect(own.calls.get).toBe(2)
  })
})

test.each([
  [500, [500]],
  [1_201, [500, 500, 201]],
])('%i keys are read from a shared store in concurrent commands of 500', async (count, sizesOfCommands) => {
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
  await flushPromises()
  expect(sizes).toEqual(sizesOfCommands)
  await answers.release()
  expect(await values).toEqual(keys.map((key) => `value of ${key}`))
  await Promise.all([writer.close(), reader.close()])
})

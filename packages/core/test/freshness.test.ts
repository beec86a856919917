import { describe, expect, test } from 'vitest'
import { type ComputeOptions, createCache } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore, mapTier } from './support/map-tier'
import { createWorld } from './support/world'

function counting(options: ComputeOptions<number>, random?: () => number) {
  const clock = manualClock(random)
  const cache = createCache({ name: 'test', store: mapStore(), clock })
  let runs = 0
  let failure: Error | undefined
  const compute = async () => {
    runs += 1
    if (failure !== undefined) throw failure
    return runs
  }
  return {
    clock,
    cache,
    read: () => cache.getOrCompute('k', compute, options),
    fail(error: Error | undefined) {
      failure = error
    },
    get runs() {
      return runs
    },
  }
}

describe('ttl', () => {
  test('can be a duration with a unit, a number of ms, or a function of the value', async () => {
    for (const ttl of ['2s', 2_000, () => '2s' as const] as const) {
      const { read, clock } = counting({ ttl })
      expect(await read()).toBe(1)
      await clock.advance(1_999)
      expect(await read()).toBe(1)
      await clock.advance(1)
      expect(await read()).toBe(2)
    }
  })

  test('of 0 stores nothing', async () => {
    const { read } = counting({ ttl: 0 })
    expect([await read(), await read()]).toEqual([1, 2])
  })

  test('of Infinity never ends', async () => {
    const { read, clock } = counting({ ttl: Number.POSITIVE_INFINITY })
    await read()
    await clock.advance(1e12)
    expect(await read()).toBe(1)
  })

  test('is shortened by jitter, by up to its share', async () => {
    const { read, clock } = counting({ ttl: 1_000, jitter: 0.5 }, () => 0.8)
    await read()
    await clock.advance(599)
    expect(await read()).toBe(1)
    await clock.advance(1)
    expect(await read()).toBe(2)
  })

  test.each([
    ['read at once', {}, ['computed', 'world', 'map']],
    ['read in the background', { staleWhileRevalidate: '10s' }, ['computed', 'stale', 'map']],
  ] as const)(
    'may be capped by a tier in memory: then the tier below is %s, without a computation',
    async (_, options, expected) => {
      const clock = manualClock()
      const store = createWorld(clock).store({ local: false })
      const cache = createCache({
        name: 'test',
        store: { open: (context) => ({ ...store.open(context), local: mapTier(60_000) }) },
        clock,
        ttl: '1h',
      })
      await clock.advance(1_000)
      const events: string[] = []
      cache.on('hit', ({ tier }) => events.push(tier))
      cache.on('stale', () => events.push('stale'))
      cache.on('compute', () => events.push('computed'))
      for (const wait of [0, 61_000, 0]) {
        await clock.advance(wait)
        await cache.getOrCompute('k', () => 1, options)
        await clock.advance(100)
      }
      expect(events).toEqual(expected)
    },
  )

  test('may be capped by one tier for itself', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: mapStore(500), clock })
    await cache.set('k', 1, { ttl: '1h' })
    await clock.advance(500)
    expect(await cache.get('k')).toBeUndefined()
  })

  test('of null and undefined is negativeTtl', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: mapStore(), clock, ttl: '1h', negativeTtl: '1s' })
    let runs = 0
    const missing = () => {
      runs += 1
      return null
    }
    await cache.getOrCompute('k', missing)
    await cache.getOrCompute('k', missing)
    expect(runs).toBe(1)
    await clock.advance(1_000)
    await cache.getOrCompute('k', missing)
    expect(runs).toBe(2)
  })

  test('of errors is errorTtl, and errors are not remembered by default', async () => {
    const once = counting({ errorTtl: '1s' })
    once.fail(new Error('down'))
    await expect(once.read()).rejects.toThrow('down')
    await expect(once.read()).rejects.toThrow('down')
    expect(once.runs).toBe(1)
    expect(await once.cache.has('k')).toBe(false)
    await once.clock.advance(1_000)
    await expect(once.read()).rejects.toThrow('down')
    expect(once.runs).toBe(2)
  })
})

describe('fresh: true', () => {
  test('computes even if a value is cached, and stores the result', async () => {
    const { cache, read } = counting({})
    await read()
    expect(await cache.getOrCompute('k', () => 42, { fresh: true })).toBe(42)
    expect(await read()).toBe(42)
  })
})

describe('staleWhileRevalidate', () => {
  test('serves the old value at once and refreshes it once in the background', async () => {
    const subject = counting({ ttl: 1_000, staleWhileRevalidate: 1_000 })
    await subject.read()
    await subject.clock.advance(1_500)
    expect(await Promise.all(Array.from({ length: 100 }, subject.read))).toEqual(Array(100).fill(1))
    await flushPromises()
    expect(subject.runs).toBe(2)
    expect(await subject.read()).toBe(2)
  })

  test('ends: after its window, callers wait for a new value', async () => {
    const subject = counting({ ttl: 1_000, staleWhileRevalidate: 1_000 })
    await subject.read()
    await subject.clock.advance(2_000)
    expect(await subject.read()).toBe(2)
  })

  test('serves the old value while the refresh fails, with retryAfter between attempts', async () => {
    const subject = counting({ ttl: 1_000, staleWhileRevalidate: '1h', retryAfter: '5s' })
    await subject.read()
    subject.fail(new Error('down'))
    await subject.clock.advance(1_500)
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await subject.read()).toBe(1)
      await flushPromises()
    }
    expect(subject.runs).toBe(2)
    await subject.clock.advance(5_000)
    await subject.read()
    await flushPromises()
    expect(subject.runs).toBe(3)
  })
})

describe('staleIfError', () => {
  test('serves the old value only if the computation failed', async () => {
    const subject = counting({ ttl: 1_000, staleIfError: '1h' })
    await subject.read()
    await subject.clock.advance(2_000)
    subject.fail(new Error('down'))
    expect(await subject.read()).toBe(1)
    subject.fail(undefined)
    await subject.clock.advance(1_000)
    expect(await subject.read()).toBe(3)
  })

  test('does not compute again for retryAfter after a failure', async () => {
    const subject = counting({ ttl: 1_000, staleIfError: '1h', retryAfter: '10s' })
    await subject.read()
    await subject.clock.advance(2_000)
    subject.fail(new Error('down'))
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await subject.read()).toBe(1)
    expect(subject.runs).toBe(2)
    await subject.clock.advance(10_000)
    await subject.read()
    expect(subject.runs).toBe(3)
  })

  test("ends: after its window, the caller gets the function's own error", async () => {
    const subject = counting({ ttl: 1_000, staleIfError: 1_000 })
    await subject.read()
    await subject.clock.advance(2_000)
    const failure = new Error('down')
    subject.fail(failure)
    await expect(subject.read()).rejects.toBe(failure)
  })

  test('serves the old value at the hard timeout', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: mapStore(), clock, ttl: 1_000, staleIfError: '1h' })
    await cache.set('k', 'old')
    await clock.advance(2_000)
    const hung = cache.getOrCompute('k', () => new Promise<string>(() => undefined), { hardTimeout: 500 })
    await clock.advance(500)
    expect(await hung).toBe('old')
  })
})

describe('softTimeout', () => {
  test('serves the old value if the computation takes longer, and stores the new one', async () => {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: mapStore(), clock, ttl: 1_000, staleIfError: '1h' })
    await cache.set('k', 'old')
    await clock.advance(2_000)
    const source = blockedComputation('new')
    const served = cache.getOrCompute('k', source.compute, { softTimeout: 100 })
    await clock.advance(100)
    expect(await served).toBe('old')
    await source.release()
    await flushPromises()
    expect(await cache.get('k')).toBe('new')
  })

  test('does nothing for a caller whose serveIf rejects the old value', async () => {
    const { cache, clock } = counting({})
    await cache.set('k', 1, { ttl: 10, staleIfError: '1h' })
    await clock.advance(20)
    const source = blockedComputation(2)
    const options = { softTimeout: 0, staleIfError: '1h' } as const
    const patient = cache.getOrCompute('k', source.compute, options)
    await clock.advance(1)
    expect(await patient).toBe(1)
    const picky = cache.getOrCompute<number>('k', source.compute, {
      ...options,
      serveIf: (value) => value > 1,
    })
    await clock.advance(10)
    expect(cache.stats().joins).toBe(1)
    await source.release()
    expect(await picky).toBe(2)
  })

  test('does nothing if there is no old value', async () => {
    const { cache, clock } = counting({})
    const source = blockedComputation('new')
    const served = cache.getOrCompute('k', source.compute, { softTimeout: 100 })
    await clock.advance(200)
    await source.release()
    expect(await served).toBe('new')
  })
})

describe('an early refresh', () => {
  test('is started by a read after the refreshAhead share of the ttl', async () => {
    const subject = counting({ ttl: 1_000, refreshAhead: 0.8 })
    await subject.read()
    await subject.clock.advance(799)
    await subject.read()
    await flushPromises()
    expect(subject.runs).toBe(1)
    await subject.clock.advance(1)
    expect(await subject.read()).toBe(1)
    await flushPromises()
    expect(subject.runs).toBe(2)
  })

  test('is drawn at random by earlyExpiry, the earlier the longer the computation takes', async () => {
    const draw = { next: 0 }
    const clock = manualClock(() => draw.next)
    const cache = createCache({ name: 'test', store: mapStore(), clock })
    let runs = 0
    const slow = async () => {
      runs += 1
      await new Promise<void>((resolve) => clock.timeout(100, resolve))
      return runs
    }
    const read = () => cache.getOrCompute('k', slow, { ttl: 10_000, earlyExpiry: 1 })
    const first = read()
    await clock.advance(100)
    await first
    // 300 ms before the end, a draw of 1 - e^-3 reaches exactly as far as three computations take.
    await clock.advance(9_700)
    draw.next = 1 - Math.exp(-2.99)
    await read()
    await flushPromises()
    expect(runs).toBe(1)
    draw.next = 1 - Math.exp(-3.01)
    expect(await read()).toBe(1)
    await flushPromises()
    expect(runs).toBe(2)
  })
})

test('cacheIf keeps values out of the cache', async () => {
  const subject = counting({ cacheIf: (value) => value > 1 })
  expect([await subject.read(), await subject.read(), await subject.read()]).toEqual([1, 2, 2])
})

import { describe, expect, test } from 'vitest'
import {
  type Cache,
  type CacheOptions,
  type ComputeContext,
  type ComputeOptions,
  createCache,
  LarderError,
  type Store,
} from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore, mapTier } from './support/map-tier'

function memoryCache(options: Partial<CacheOptions> = {}) {
  const clock = manualClock()
  return { clock, cache: createCache({ name: 'test', store: mapStore(), clock, ...options }) }
}

describe('a caller that computes alone', () => {
  /** A computation in a transaction that never ends by itself, and whether its signal was aborted. */
  function endless(options: ComputeOptions<never>) {
    const { cache, clock } = memoryCache()
    const abortReasons: unknown[] = []
    const compute = ({ signal }: ComputeContext) =>
      new Promise<never>(() => signal.addEventListener('abort', () => abortReasons.push(signal.reason)))
    const result = cache.transaction(() => cache.getOrCompute('k', compute, options))
    return { clock, abortReasons, result }
  }

  test('waits no longer than its hard timeout', async () => {
    const { clock, abortReasons, result } = endless({ hardTimeout: '1s' })
    const ended = expect(result).rejects.toMatchObject({ code: 'COMPUTE_TIMEOUT' })
    await clock.advance(1_000)
    await ended
    expect(abortReasons).toHaveLength(1)
  })

  test('waits no longer than until its signal is aborted', async () => {
    const controller = new AbortController()
    const { abortReasons, result } = endless({ signal: controller.signal })
    const ended = expect(result).rejects.toBe('enough')
    controller.abort('enough')
    await ended
    expect(abortReasons).toHaveLength(1)
  })
})

describe('a computation that hangs', () => {
  const hang = () => new Promise<never>(() => undefined)

  test.each([
    ['for one value', (cache: Cache) => cache.getOrCompute('k', hang)],
    ['in a transaction', (cache: Cache) => cache.transaction(() => cache.getOrCompute('k', hang))],
    [
      'for a caller with a signal',
      (cache: Cache) => cache.getOrCompute('k', hang, { signal: new AbortController().signal }),
    ],
    ['for many values', (cache: Cache) => cache.getManyOrCompute(['k', 'l'], hang)],
  ])('%s keeps the process alive until its hard timeout', async (_, read) => {
    const { cache, clock } = memoryCache({ hardTimeout: '1s' })
    const idle = clock.held
    const outcome = read(cache).catch((error: LarderError) => error.code)
    await clock.advance(999)
    expect(clock.held).toBeGreaterThan(idle)
    await clock.advance(1)
    expect(await outcome).toBe('COMPUTE_TIMEOUT')
    await clock.advance(1)
    expect(clock.held).toBe(idle)
  })

  test('does not keep the process alive without a hard timeout', async () => {
    const { cache, clock } = memoryCache({ hardTimeout: Number.POSITIVE_INFINITY })
    void cache.getOrCompute('k', hang)
    await clock.advance(1)
    expect(clock.held).toBe(0)
  })

  test('does not keep the process alive if no caller waits for it', async () => {
    const { cache, clock } = memoryCache({ hardTimeout: '1m', ttl: 10, staleWhileRevalidate: '1h' })
    await cache.set('k', 'old')
    await clock.advance(100)
    expect(await cache.getOrCompute('k', hang)).toBe('old')
    const controller = new AbortController()
    const left = cache.getOrCompute('other', hang, { signal: controller.signal }).catch(() => 'left')
    controller.abort()
    expect(await left).toBe('left')
    await clock.advance(1)
    expect(clock.held).toBe(0)
  })
})

describe('concurrent callers', () => {
  test('share one computation', async () => {
    const { cache } = memoryCache()
    const source = blockedComputation({ n: 1 })
    const callers = Array.from({ length: 100 }, () => cache.getOrCompute('k', source.compute))
    await source.release()
    expect(await Promise.all(callers)).toEqual(Array(100).fill({ n: 1 }))
    expect(source.runs).toBe(1)
    expect(cache.stats()).toMatchObject({ joins: 99, computes: { value: 1 } })
  })

  test('share one failure: one run, a rejection for each caller, and the next call runs again', async () => {
    const { cache } = memoryCache()
    let runs = 0
    const failure = new TypeError('the source is away')
    const failing = async () => {
      runs += 1
      throw failure
    }
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => cache.getOrCompute('k', failing)),
    )
    expect(results.every((result) => result.status === 'rejected' && result.reason === failure)).toBe(true)
    expect(runs).toBe(1)
    expect(await cache.getOrCompute('k', () => 'back')).toBe('back')
  })

  test('get a rejection if the function throws before it returns a promise', async () => {
    const { cache } = memoryCache()
    const failure = new Error('at once')
    const failing = () => {
      throw failure
    }
    await expect(cache.getOrCompute('k', failing)).rejects.toBe(failure)
  })

  test('abort the computation if the only caller leaves while its function begins', async () => {
    const { cache } = memoryCache()
    const controller = new AbortController()
    const never = ({ signal }: { signal: AbortSignal }) => {
      controller.abort(new Error('left'))
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    await expect(cache.getOrCompute('k', never, { signal: controller.signal })).rejects.toThrow('left')
    expect(cache.stats()).toMatchObject({ flights: 0, computes: { aborted: 1 } })
  })

  test('can compute again after a tier threw once', async () => {
    const tier = mapTier()
    let gets = 0
    const get = (key: string) => {
      gets += 1
      if (gets === 2) throw new Error('the tier failed')
      return tier.get(key)
    }
    const store: Store = {
      open: () => ({ local: { ...tier, get }, shared: [], close: async () => undefined }),
    }
    const cache = createCache({ name: 'test', store })
    await expect(cache.getOrCompute('k', () => 1)).rejects.toThrow('the tier failed')
    expect(await cache.getOrCompute('k', () => 2)).toBe(2)
  })

  test('of values that are not cacheable do not queue (hit-for-miss)', async () => {
    const { cache } = memoryCache()
    const source = blockedComputation('live')
    const callers = Array.from({ length: 50 }, () =>
      cache.getOrCompute('k', source.compute, { cacheIf: () => false }),
    )
    await source.release()
    await Promise.all(callers)
    expect(source.runs).toBe(1)
    expect(await cache.has('k')).toBe(false)
  })
})

describe('a computation that does not end', () => {
  test('rejects its callers with COMPUTE_TIMEOUT at the hard timeout and releases its key', async () => {
    const { cache, clock } = memoryCache()
    const hanging = cache.getOrCompute('k', () => new Promise<string>(() => undefined), { hardTimeout: '1s' })
    const outcome = hanging.catch((error: unknown) => error)
    await clock.advance(1_000)
    expect(await outcome).toBeInstanceOf(LarderError)
    expect(await outcome).toMatchObject({ code: 'COMPUTE_TIMEOUT', key: 'k' })
    expect(await cache.getOrCompute('k', () => 'again')).toBe('again')
  })

  test('has its signal aborted at the hard timeout', async () => {
    const { cache, clock } = memoryCache()
    let signal: AbortSignal | undefined
    const hanging = cache.getOrCompute('k', (context) => {
      signal = context.signal
      return new Promise<string>(() => undefined)
    })
    hanging.catch(() => undefined)
    await clock.advance(30_000)
    expect(signal?.aborted).toBe(true)
  })

  test('does not replace a newer value if it ends late', async () => {
    const { cache, clock } = memoryCache()
    const late = blockedComputation('late')
    cache.getOrCompute('k', late.compute, { hardTimeout: 100 }).catch(() => undefined)
    await clock.advance(100)
    await cache.set('k', 'young')
    await late.release()
    await flushPromises()
    expect(await cache.get('k')).toBe('young')
  })
})

describe('callers that leave', () => {
  test('reject with the reason of their signal, while other callers go on waiting', async () => {
    const { cache } = memoryCache()
    const source = blockedComputation('value')
    const leaving = new AbortController()
    const left = cache.getOrCompute('k', source.compute, { signal: leaving.signal })
    const stayed = cache.getOrCompute('k', source.compute)
    leaving.abort(new Error('client gone'))
    await expect(left).rejects.toThrow('client gone')
    await source.release()
    expect(await stayed).toBe('value')
  })

  test('abort the computation when the last one leaves, and release the key', async () => {
    const { cache } = memoryCache()
    let signal: AbortSignal | undefined
    const leaving = new AbortController()
    const hang = (context: { signal: AbortSignal }) => {
      signal = context.signal
      return new Promise<string>(() => undefined)
    }
    const calls = [1, 2].map(() => cache.getOrCompute('k', hang, { signal: leaving.signal }))
    await flushPromises()
    leaving.abort(new Error('gone'))
    await Promise.allSettled(calls)
    expect(signal?.aborted).toBe(true)
    expect(await cache.getOrCompute('k', () => 'again')).toBe('again')
  })
})

test('a function that reads its own key computes instead of waiting for itself', async () => {
  const { cache } = memoryCache()
  const value = await cache.getOrCompute('a', () =>
    cache.getOrCompute('b', () => cache.getOrCompute('a', () => 'inner')),
  )
  expect(value).toBe('inner')
})

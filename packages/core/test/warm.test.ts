import { describe, expect, test, vi } from 'vitest'
import { createCache, type WarmProgress } from '../src/index'
import { flushPromises, manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

const cacheOf = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

describe('warming', () => {
  test('limits concurrency and reports progress', async () => {
    const cache = cacheOf()
    let running = 0
    let maxRunning = 0
    const progress: WarmProgress[] = []
    const task = async () => {
      running += 1
      maxRunning = Math.max(maxRunning, running)
      await flushPromises()
      running -= 1
    }
    const report = await cache.warm(Array(10).fill(task), {
      concurrency: 3,
      onProgress: (step) => progress.push(step),
    })
    expect(maxRunning).toBe(3)
    expect(report).toMatchObject({ done: 10, failed: 0, failures: [], wasStopped: false })
    expect(progress.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(progress[0]?.total).toBe(10)
  })

  test('starts no more workers than there are tasks', async () => {
    const concurrency = Number.MAX_SAFE_INTEGER
    expect(await cacheOf().warm([() => 1], { concurrency })).toMatchObject({ done: 1 })
    expect(await cacheOf().warm([() => 1].values(), { concurrency })).toMatchObject({ done: 1 })
  })

  test('continues after failed tasks, and keeps their first messages', async () => {
    const fail = async () => {
      throw new Error('no such user')
    }
    const report = await cacheOf().warm([...Array(15).fill(fail), () => 1], { concurrency: 1 })
    expect(report).toMatchObject({ done: 1, failed: 15 })
    expect(report.failures).toEqual(Array(10).fill('no such user'))
  })

  test('takes tasks lazily from a generator, and none after the signal is aborted', async () => {
    const controller = new AbortController()
    let taken = 0
    async function* tasks() {
      for (;;) {
        taken += 1
        yield () => taken === 5 && controller.abort()
      }
    }
    const report = await cacheOf().warm(tasks(), { concurrency: 1, signal: controller.signal })
    expect(taken).toBe(5)
    expect(report).toMatchObject({ done: 5, wasStopped: true })
  })

  test('fills the cache', async () => {
    const cache = cacheOf()
    const load = vi.fn(async (id: number) => id * 2)
    const cached = cache.wrap(load, { name: 'load' })
    await cache.warm([1, 2, 3].map((id) => () => cached(id)))
    expect(await cached(2)).toBe(4)
    expect(load).toHaveBeenCalledTimes(3)
  })

  test('with once runs in one process, and the others get its report', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const caches = [0, 1].map(() => createCache({ name: 'test', store: world.store(), clock }))
    await clock.advance(1_000)
    const task = vi.fn(async () => 1)
    const once = { name: 'start', every: '1h' } as const
    const reports = await Promise.all(caches.map((cache) => cache.warm([task, task], { once })))
    expect(task).toHaveBeenCalledTimes(2)
    expect(reports.map(({ done }) => done)).toEqual([2, 2])
    await clock.advance(3_601_000)
    await caches[1]?.warm([task, task], { once })
    expect(task).toHaveBeenCalledTimes(4)
  })

  test('with once does not run again after an invalidation of its reads', async () => {
    const cache = cacheOf()
    const cached = cache.wrap(async () => 1, { name: 'load', tags: ['t'] })
    const task = vi.fn(() => cached())
    const once = { name: 'start', every: '1h' } as const
    await cache.warm([task], { once })
    await cache.invalidate('t')
    await cache.warm([task], { once })
    expect(task).toHaveBeenCalledTimes(1)
  })

  test('with once runs at most once per interval, whatever the defaults of the cache', async () => {
    const clock = manualClock()
    const rules = {
      jitter: 1,
      cacheIf: () => false,
      staleWhileRevalidate: '1d',
      refreshAhead: 0.1,
      tags: ['t'],
    } as const
    const cache = createCache({ name: 'test', store: mapStore(), clock, ...rules })
    const task = vi.fn()
    const warmed = () => cache.warm([task], { once: { name: 'start', every: '1h' } })
    await warmed()
    await cache.invalidate('t')
    await clock.advance(3_599_000)
    await warmed()
    expect(task).toHaveBeenCalledTimes(1)
    await clock.advance(2_000)
    await warmed()
    expect(task).toHaveBeenCalledTimes(2)
  })

  test('rejects a concurrency of 0', async () => {
    await expect(cacheOf().warm([], { concurrency: 0 })).rejects.toThrow(
      'warm: concurrency must be a whole number above 0',
    )
  })
})

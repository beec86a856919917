import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

const stores = {
  memory: () => mapStore(),
  shared: (clock: ReturnType<typeof manualClock>) => createWorld(clock).store({ local: false }),
  tiered: (clock: ReturnType<typeof manualClock>) => createWorld(clock).store(),
}
const atLeast = (version: number) => (value: number) => value >= version

describe.each(Object.entries(stores))('with a %s store', (_, store) => {
  async function subject() {
    const clock = manualClock()
    const cache = createCache({ name: 'test', store: store(clock), clock })
    await clock.advance(1_000)
    await cache.set('k', 1, { tags: ['t'], staleIfError: '1h' })
    return cache
  }

  test('a cached value that serveIf accepts is served', async () => {
    const cache = await subject()
    expect(await cache.getOrCompute('k', () => 2, { serveIf: atLeast(1) })).toBe(1)
    expect(cache.stats().computes.value).toBe(0)
  })

  test('a rejected value is replaced for all callers, and is ctx.previous of the computation', async () => {
    const cache = await subject()
    const value = await cache.getOrCompute<number>('k', ({ previous }) => (previous?.value ?? 0) + 1, {
      serveIf: atLeast(2),
    })
    expect(value).toBe(2)
    expect(await cache.get('k')).toBe(2)
  })

  test('a rejected value is not served on error', async () => {
    const cache = await subject()
    const failure = new Error('away')
    const failing = () => {
      throw failure
    }
    await expect(cache.getOrCompute<number>('k', failing, { serveIf: atLeast(2) })).rejects.toBe(failure)
    expect(await cache.getOrCompute<number>('k', failing)).toBe(1)
  })

  test('a miss because serveIf rejected the value has the reason forced', async () => {
    const cache = await subject()
    const reasons: string[] = []
    cache.on('miss', ({ reason }) => reasons.push(reason))
    await cache.getOrCompute('k', () => 2, { serveIf: () => false })
    expect(reasons).toEqual(['forced'])
  })

  test('an exception in serveIf rejects the call', async () => {
    const cache = await subject()
    const failure = new Error('mine')
    const serveIf = () => {
      throw failure
    }
    await expect(cache.getOrCompute('k', () => 2, { serveIf })).rejects.toBe(failure)
  })

  test('callers that reject the same value share one computation and accept its result', async () => {
    const cache = await subject()
    const source = blockedComputation(2)
    const callers = [5, 6].map((version) =>
      cache.getOrCompute<number>('k', source.compute, { serveIf: atLeast(version) }),
    )
    await source.release()
    expect(await Promise.all(callers)).toEqual([2, 2])
    expect(source.runs).toBe(1)
  })
})

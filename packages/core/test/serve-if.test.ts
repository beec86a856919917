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

  test('a cached value that will do is served', async () => {
    const cache = await subject()
    expect(await cache.getOrCompute('k', () => 2, { serveIf: atLeast(1) })).toBe(1)
    expect(cache.stats().computes.value).toBe(0)
  })

  test('one that will not is computed anew, with the old one at hand, for everybody', async () => {
    const cache = await subject()
    const value = await cache.getOrCompute<number>('k', ({ previous }) => (previous?.value ?? 0) + 1, {
      serveIf: atLeast(2),
    })
    expect(value).toBe(2)
    expect(await cache.get('k')).toBe(2)
  })

  test('one that will not is not served when computing fails either', async () => {
    const cache = await subject()
    const failure = new Error('away')
    const failing = () => {
      throw failure
    }
    await expect(cache.getOrCompute<number>('k', failing, { serveIf: atLeast(2) })).rejects.toBe(failure)
    expect(await cache.getOrCompute<number>('k', failing)).toBe(1)
  })

  test('a miss because the value was refused says so', async () => {
    const cache = await subject()
    const reasons: string[] = []
    cache.on('miss', ({ reason }) => reasons.push(reason))
    await cache.getOrCompute('k', () => 2, { serveIf: () => false })
    expect(reasons).toEqual(['forced'])
  })

  test('a refusal that throws is a rejection', async () => {
    const cache = await subject()
    const failure = new Error('mine')
    const serveIf = () => {
      throw failure
    }
    await expect(cache.getOrCompute('k', () => 2, { serveIf })).rejects.toBe(failure)
  })

  test('callers who refuse the same value share one computation, and take its result as it is', async () => {
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

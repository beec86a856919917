import { expect, test } from 'vitest'
import { type CacheStats, createCache, type MemoryReport, watchMemory } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

/** A cache that is as full as one says. */
function full() {
  const stats = createCache({ name: 'test', store: mapStore(), clock: manualClock() }).stats()
  const state = { bytes: 0, entries: 0, evictions: 0 }
  return {
    state,
    stats: (): CacheStats => ({
      ...stats,
      evictions: state.evictions,
      usage: { bytes: state.bytes, maxBytes: 1_000, entries: state.entries, maxEntries: 100 },
    }),
  }
}

test('each threshold is told of once when memory rises to it, and once when it falls below', async () => {
  const clock = manualClock()
  const cache = full()
  const told: MemoryReport[] = []
  watchMemory(cache, { onThreshold: (report) => told.push(report), every: '10s', clock })
  for (const bytes of [700, 850, 900, 990, 990, 500]) {
    cache.state.bytes = bytes
    cache.state.evictions += 3
    await clock.advance(10_000)
  }
  expect(told.map(({ threshold, direction, share }) => [threshold, direction, share])).toEqual([
    [0.8, 'above', 0.85],
    [0.95, 'above', 0.99],
    [0.8, 'below', 0.5],
    [0.95, 'below', 0.5],
  ])
  expect(told[0]?.evictions).toBe(3)
})

test('the number of entries counts as much as their bytes', async () => {
  const clock = manualClock()
  const cache = full()
  cache.state.entries = 100
  const told: MemoryReport[] = []
  const stop = watchMemory(cache, { onThreshold: (report) => told.push(report), thresholds: [1], clock })
  expect(told).toMatchObject([{ threshold: 1, share: 1 }])
  stop()
  cache.state.entries = 0
  await clock.advance(60_000)
  expect(told).toHaveLength(1)
})

test('a threshold that is no share is told what to write instead', () => {
  expect(() => watchMemory(full(), { thresholds: [80], onThreshold: () => undefined })).toThrow(
    'thresholds must be shares above 0 and up to 1, such as 0.8; got 80.',
  )
})

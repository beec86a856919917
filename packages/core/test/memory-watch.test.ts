import { expect, test } from 'vitest'
import { type CacheStats, createCache, type MemoryReport, watchMemory } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

/** Statistics of a cache with adjustable memory usage. */
function adjustableUsage() {
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

test('each threshold is reported once when usage rises to it, and once when it falls below', async () => {
  const clock = manualClock()
  const cache = adjustableUsage()
  const reports: MemoryReport[] = []
  watchMemory(cache, { onThreshold: (report) => reports.push(report), every: '10s', clock })
  for (const bytes of [700, 850, 900, 990, 990, 500]) {
    cache.state.bytes = bytes
    cache.state.evictions += 3
    await clock.advance(10_000)
  }
  expect(reports.map(({ threshold, direction, share }) => [threshold, direction, share])).toEqual([
    [0.8, 'above', 0.85],
    [0.95, 'above', 0.99],
    [0.8, 'below', 0.5],
    [0.95, 'below', 0.5],
  ])
  expect(reports[0]?.evictions).toBe(3)
})

test('the share of entries counts as well as the share of bytes', async () => {
  const clock = manualClock()
  const cache = adjustableUsage()
  cache.state.entries = 100
  const reports: MemoryReport[] = []
  const stop = watchMemory(cache, { onThreshold: (report) => reports.push(report), thresholds: [1], clock })
  expect(reports).toMatchObject([{ threshold: 1, share: 1 }])
  stop()
  cache.state.entries = 0
  await clock.advance(60_000)
  expect(reports).toHaveLength(1)
})

test('a threshold above 1 is rejected with the expected range', () => {
  expect(() => watchMemory(adjustableUsage(), { thresholds: [80], onThreshold: () => undefined })).toThrow(
    'thresholds must be shares above 0 and up to 1, such as 0.8; got 80.',
  )
})

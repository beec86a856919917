// tier: slow
import type { LocalEntry } from '@larder/core'
import { describe, expect, test } from 'vitest'
import { createAdaptivePolicy } from '../src/adaptive/adaptive-policy'
import type { EvictionPolicy, EvictionPolicyOptions } from '../src/eviction-policy'
import { lru } from '../src/lru'
import { localEntry } from './support/local-entry'
import { optimalHitRatio } from './support/optimal-hit-ratio'
import { seededRandom } from './support/seeded-random'
import { generateTraces, type Trace } from './support/traces'

type CreatePolicy = (options: EvictionPolicyOptions) => EvictionPolicy

/** W-TinyLFU as first published: the window always has 1 % of the capacity. */
const createFixedPolicy: CreatePolicy = (options) =>
  createAdaptivePolicy({ ...options, climber: { windowShare: () => 0.01, adjustWindow: () => undefined } })

const traces = generateTraces()

/** Entries by key number, shared by all traces. */
const entries: Record<number, LocalEntry> = {}

function hitRatioOf(createPolicy: CreatePolicy, { keys, capacity }: Trace, seed = 1): number {
  const policy = createPolicy({
    maxEntries: capacity,
    maxBytes: Number.MAX_SAFE_INTEGER,
    random: seededRandom(seed),
    onEvict: () => undefined,
  })
  let hits = 0
  for (const number of keys) {
    entries[number] ??= localEntry(`product:${number}`)
    const entry = entries[number]
    if (policy.get(entry.key) === undefined) policy.set(entry, 1)
    else hits += 1
  }
  return hits / keys.length
}

describe('adaptive eviction', () => {
  test.each(traces)('comes close to LRU and to a fixed window, whichever is better, on: $name', (trace) => {
    const leastRecent = hitRatioOf(lru(), trace)
    const fixed = hitRatioOf(createFixedPolicy, trace)
    const adaptive = hitRatioOf(createAdaptivePolicy, trace)
    const optimal = optimalHitRatio(trace.keys, trace.capacity)
    expect(adaptive).toBeGreaterThan(0.86 * Math.max(leastRecent, fixed))
    expect(adaptive).toBeLessThanOrEqual(optimal)
    if (process.env.HIT_RATIOS !== undefined)
      console.table({ [trace.name]: { lru: leastRecent, fixed, adaptive, optimal } })
  })

  test.each([2, 3])(
    'has a hit ratio above 77 % on Zipf 0.99 with capacity for a tenth of the keys, with seed %i',
    (seed) => {
      const trace = traces.find(({ name }) => name === 'Zipf 0.99')!
      expect(hitRatioOf(createAdaptivePolicy, trace, seed)).toBeGreaterThan(0.77)
    },
  )

  test('keeps frequently used entries through a scan', () => {
    const countHotEntries = (createPolicy: CreatePolicy) => {
      const policy = createPolicy({
        maxEntries: 1_000,
        maxBytes: 1e9,
        random: seededRandom(1),
        onEvict: () => undefined,
      })
      for (let round = 0; round < 5; round += 1)
        for (let n = 0; n < 800; n += 1) if (!policy.get(`hot ${n}`)) policy.set(localEntry(`hot ${n}`), 1)
      for (let n = 0; n < 20_000; n += 1) policy.set(localEntry(`scanned ${n}`), 1)
      return Array.from({ length: 800 }, (_, n) => policy.peek(`hot ${n}`)).filter(Boolean).length
    }
    expect(countHotEntries(lru())).toBe(0)
    expect(countHotEntries(createAdaptivePolicy)).toBeGreaterThan(750)
  })
})

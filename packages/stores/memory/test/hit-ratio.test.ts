import type { LocalEntry } from '@larder/core'
import { describe, expect, test } from 'vitest'
import { createAdaptiveRoom } from '../src/adaptive/adaptive-room'
import { createLruRoom } from '../src/lru-room'
import type { Room, RoomOptions } from '../src/room'
import { optimum } from './support/optimum'
import { seededRandom } from './support/random'
import { held } from './support/room'
import { type Trace, traces } from './support/traces'

/** W-TinyLFU as first published: the window stays at one hundredth. */
const createFixedRoom = (options: RoomOptions) =>
  createAdaptiveRoom({ ...options, climber: { share: () => 0.01, climb: () => undefined } })

/** The entries of all traces, made once. */
const known: Record<number, LocalEntry> = {}

function hitRatio(make: (options: RoomOptions) => Room, { keys, room }: Trace, seed = 1): number {
  const entries = make({
    maxEntries: room,
    maxBytes: Number.MAX_SAFE_INTEGER,
    random: seededRandom(seed),
    evicted: () => undefined,
  })
  let hits = 0
  for (const number of keys) {
    known[number] ??= held(`product:${number}`)
    const entry = known[number]
    if (entries.get(entry.key) === undefined) entries.set(entry, 1)
    else hits += 1
  }
  return hits / keys.length
}

describe('adaptive eviction', () => {
  test.each(traces())('is close to the best on: $name', (trace) => {
    const lru = hitRatio(createLruRoom, trace)
    const fixed = hitRatio(createFixedRoom, trace)
    const adaptive = hitRatio(createAdaptiveRoom, trace)
    const best = optimum(trace.keys, trace.room)
    expect(adaptive).toBeGreaterThan(0.86 * Math.max(lru, fixed))
    expect(adaptive).toBeLessThanOrEqual(best)
    if (process.env.HIT_RATIOS !== undefined) console.table({ [trace.name]: { lru, fixed, adaptive, best } })
  })

  test.each([2, 3])('finds 77 % of a Zipf 0.99 load with room for a tenth of its keys, seed %i', (seed) => {
    const trace = traces().find(({ name }) => name === 'Zipf 0.99')!
    expect(hitRatio(createAdaptiveRoom, trace, seed)).toBeGreaterThan(0.77)
  })

  test('a scan does not sweep out what is used often', () => {
    const found = (make: (options: RoomOptions) => Room) => {
      const room = make({
        maxEntries: 1_000,
        maxBytes: 1e9,
        random: seededRandom(1),
        evicted: () => undefined,
      })
      for (let round = 0; round < 5; round += 1)
        for (let at = 0; at < 800; at += 1) if (!room.get(`hot ${at}`)) room.set(held(`hot ${at}`), 1)
      for (let at = 0; at < 20_000; at += 1) room.set(held(`scanned ${at}`), 1)
      return Array.from({ length: 800 }, (_, at) => room.peek(`hot ${at}`)).filter(Boolean).length
    }
    expect(found(createLruRoom)).toBe(0)
    expect(found(createAdaptiveRoom)).toBeGreaterThan(750)
  })
})

import type { LocalEntry, LocalTier } from '@larder/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Eviction, memoryStore } from '../src/index'
import { held, openTier } from './support/room'

const key = fc.integer({ min: 0, max: 40 }).map(String)
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, size: fc.integer({ min: 0, max: 1_500 }) }),
  fc.record({ kind: fc.constantFrom('get', 'peek', 'delete'), key, size: fc.constant(0) }),
)
/** What an entry weighs here beyond its value. */
const overhead = ({ key }: LocalEntry) => weightOfNothing + key.length * 2
const weightOfNothing = weightAlone(held(''))

function weightAlone(entry: LocalEntry): number {
  const { tier } = openTier({ weigh: () => 0 })
  tier.set(entry)
  return tier.usage().bytes
}

/** A map that is told of evictions is what the tier has to be at any time. */
function followed(tier: LocalTier, evicted: string[], model: Map<string, LocalEntry>): void {
  for (const gone of evicted.splice(0)) model.delete(gone)
  const { entries, bytes, maxEntries, maxBytes } = tier.usage()
  expect(entries).toBeLessThanOrEqual(maxEntries)
  expect(bytes).toBeLessThanOrEqual(maxBytes)
  expect(new Map([...tier.entries()].map((entry) => [entry.key, entry]))).toEqual(model)
  expect(entries).toBe(model.size)
  let sum = 0
  for (const entry of model.values()) sum += overhead(entry) + (entry.value as number)
  expect(bytes).toBe(sum)
}

describe.each<Eviction>(['lru', 'adaptive'])('eviction: %s', (eviction) => {
  test('within bounds, it is a map that tells what it removes, and what was just set is there', () => {
    const bounds = fc.record({
      maxEntries: fc.integer({ min: 1, max: 30 }),
      maxBytes: fc.integer({ min: weightOfNothing + 50, max: 12_000 }),
    })
    fc.assert(
      fc.property(bounds, fc.array(step, { maxLength: 150 }), (bound, steps) => {
        const { tier, evicted } = openTier({ ...bound, eviction, weigh: Number })
        const model = new Map<string, LocalEntry>()
        for (const { kind, key, size } of steps) {
          const entry = held(key, size)
          if (kind === 'get' || kind === 'peek') expect(tier[kind](key)).toBe(model.get(key))
          if (kind === 'delete') tier.delete(key)
          if (kind === 'delete') model.delete(key)
          if (kind === 'set') tier.set(entry)
          if (kind === 'set') model.set(key, entry)
          followed(tier, evicted, model)
          if (kind === 'set' && overhead(entry) + size <= bound.maxBytes) expect(tier.peek(key)).toBe(entry)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('stays within its bounds when asked for far more, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3_000 }), { minLength: 2_000, maxLength: 4_000 }), (numbers) => {
        const { tier, evicted } = openTier({ maxEntries: 200, eviction, weigh: () => 100 })
        let sets = 0
        for (const number of numbers) {
          if (tier.get(`${number}`) !== undefined) continue
          tier.set(held(`${number}`))
          sets += 1
        }
        expect(tier.usage().entries).toBe(Math.min(200, sets))
        expect(evicted.length).toBe(sets - tier.usage().entries)
      }),
      { numRuns: 15 },
    )
  })

  test('a value larger than all of it goes at once, and what it was to replace', () => {
    const { tier, evicted } = openTier({ maxBytes: 1_000, eviction, weigh: Number })
    tier.set(held('a', 100))
    tier.set(held('a', 2_000))
    expect(tier.peek('a')).toBeUndefined()
    expect(evicted).toEqual(['a'])
    expect(tier.usage()).toMatchObject({ entries: 0, bytes: 0 })
  })

  test('a listener that comes back at once finds all in order', () => {
    const store = memoryStore({ maxEntries: 10, eviction })
    let depth = 0
    const tier: LocalTier = store.open({
      name: 'test',
      clock: {
        now: Date.now,
        monotonic: () => 0,
        random: () => 0.5,
        timeout: () => () => undefined,
        background: () => () => undefined,
      },
      report: () => undefined,
      evicted: (key) => {
        depth += 1
        if (depth < 50) tier.set(held(`${key}'`))
        tier.delete('3')
      },
    }).local!
    for (let at = 0; at < 100; at += 1) tier.set(held(String(at)))
    expect(tier.usage().entries).toBe([...tier.entries()].length)
    expect(tier.usage().entries).toBeLessThanOrEqual(10)
  })

  test('a peek does not count as a use', () => {
    const { tier } = openTier({ maxEntries: 100, eviction })
    for (let at = 0; at < 100; at += 1) tier.set(held(`key ${at}`))
    tier.peek('key 0')
    tier.get('key 1')
    tier.set(held('one more'))
    expect(tier.peek('key 0')).toBeUndefined()
    expect(tier.peek('key 1')).toBeDefined()
  })
})

test('an unknown way to evict is refused', () => {
  expect(() => memoryStore({ eviction: 'random' as never })).toThrow(/Write 'adaptive' or 'lru'/)
})

import type { LocalEntry, LocalTier } from '@larder/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../src/index'
import { lru } from '../src/lru'
import { localEntry } from './support/local-entry'
import { openTier } from './support/open-tier'

const key = fc.integer({ min: 0, max: 40 }).map(String)
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, size: fc.integer({ min: 0, max: 1_500 }) }),
  fc.record({ kind: fc.constantFrom('get', 'peek', 'delete'), key, size: fc.constant(0) }),
)
/** The size of an entry without its value, in bytes. */
const overheadOf = ({ key }: LocalEntry) => emptyEntrySize + key.length * 2
const emptyEntrySize = measureOverhead(localEntry(''))

function measureOverhead(entry: LocalEntry): number {
  const { tier } = openTier({ weigh: () => 0 })
  tier.set(entry)
  return tier.usage().bytes
}

/** Checks that the tier is within its bounds and equal to a map from which the evicted keys are deleted. */
function expectSameAsModel(tier: LocalTier, evicted: string[], model: Map<string, LocalEntry>): void {
  for (const key of evicted.splice(0)) model.delete(key)
  const { entries, bytes, maxEntries, maxBytes } = tier.usage()
  expect(entries).toBeLessThanOrEqual(maxEntries)
  expect(bytes).toBeLessThanOrEqual(maxBytes)
  expect(new Map([...tier.entries()].map((entry) => [entry.key, entry]))).toEqual(model)
  expect(entries).toBe(model.size)
  let sum = 0
  for (const entry of model.values()) sum += overheadOf(entry) + (entry.value as number)
  expect(bytes).toBe(sum)
}

describe.each([
  ['by default', undefined],
  ['by lru()', lru()],
])('a memory store that evicts %s', (_, eviction) => {
  test('behaves like a map that reports the keys it evicts, never exceeds its bounds, and never evicts the entry just set', () => {
    const bounds = fc.record({
      maxEntries: fc.integer({ min: 1, max: 30 }),
      maxBytes: fc.integer({ min: emptyEntrySize + 50, max: 12_000 }),
    })
    fc.assert(
      fc.property(bounds, fc.array(step, { maxLength: 150 }), (bound, steps) => {
        const { tier, evicted } = openTier({ ...bound, eviction, weigh: Number })
        const model = new Map<string, LocalEntry>()
        for (const { kind, key, size } of steps) {
          const entry = localEntry(key, size)
          if (kind === 'get' || kind === 'peek') expect(tier[kind](key)).toBe(model.get(key))
          if (kind === 'delete') tier.delete(key)
          if (kind === 'delete') model.delete(key)
          if (kind === 'set') tier.set(entry)
          if (kind === 'set') model.set(key, entry)
          expectSameAsModel(tier, evicted, model)
          if (kind === 'set' && overheadOf(entry) + size <= bound.maxBytes) expect(tier.peek(key)).toBe(entry)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('is full but within its bounds after reads of more keys than it can hold, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3_000 }), { minLength: 2_000, maxLength: 4_000 }), (numbers) => {
        const { tier, evicted } = openTier({ maxEntries: 200, eviction, weigh: () => 100 })
        let sets = 0
        for (const number of numbers) {
          if (tier.get(`${number}`) !== undefined) continue
          tier.set(localEntry(`${number}`))
          sets += 1
        }
        expect(tier.usage().entries).toBe(Math.min(200, sets))
        expect(evicted.length).toBe(sets - tier.usage().entries)
      }),
      { numRuns: 15 },
    )
  })

  test('evicts a value larger than maxBytes at once, together with the entry it replaces', () => {
    const { tier, evicted } = openTier({ maxBytes: 1_000, eviction, weigh: Number })
    tier.set(localEntry('a', 100))
    tier.set(localEntry('a', 2_000))
    expect(tier.peek('a')).toBeUndefined()
    expect(evicted).toEqual(['a'])
    expect(tier.usage()).toMatchObject({ entries: 0, bytes: 0 })
  })

  test('is in a consistent state when an evict listener sets and deletes entries', () => {
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
        if (depth < 50) tier.set(localEntry(`${key}'`))
        tier.delete('3')
      },
    }).local!
    for (let index = 0; index < 100; index += 1) tier.set(localEntry(String(index)))
    expect(tier.usage().entries).toBe([...tier.entries()].length)
    expect(tier.usage().entries).toBeLessThanOrEqual(10)
  })

  test('does not count a peek as a use', () => {
    const { tier } = openTier({ maxEntries: 100, eviction })
    for (let index = 0; index < 100; index += 1) tier.set(localEntry(`key ${index}`))
    tier.peek('key 0')
    tier.get('key 1')
    tier.set(localEntry('one more'))
    expect(tier.peek('key 0')).toBeUndefined()
    expect(tier.peek('key 1')).toBeDefined()
  })
})

test('a policy given by its name is rejected with what to import', () => {
  expect(() => memoryStore({ eviction: 'lru' as never })).toThrow(
    /lru\(\) from '@larder\/memory\/lru'.*got 'lru'/,
  )
})

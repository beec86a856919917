import { ok, strictEqual } from 'node:assert/strict'
import type { LocalEntry, LocalTier } from '@larder/core'
import fc from 'fast-check'
import type { Check, StoreUnderTest } from './check'

function openLocalTier({ open }: Pick<StoreUnderTest, 'open'>): LocalTier {
  const { local } = open()
  ok(local, 'The store has a local tier.')
  return local
}

/** An entry as a cache passes it to a local tier. */
function localEntry(key: string, value: unknown): LocalEntry {
  const end = Date.now() + 3_600_000
  const times = { createdAt: Date.now(), freshUntil: end, staleUntil: end, errorUntil: end, refreshAt: end }
  const startedAt = { wall: Date.now(), monotonic: performance.now() }
  return {
    ...times,
    key,
    kind: 'value',
    value,
    tags: [],
    asOf: 1,
    term: 0,
    computeTime: 1,
    copy: (copied) => copied,
    sequence: 0,
    startedAt,
    checkedAt: -1,
    clockOffset: 0,
  }
}

const key = fc.constantFrom('a', 'b', 'c', '__proto__', '')
const step = fc.oneof(
  fc.record({ kind: fc.constant('set'), key, value: fc.anything() }),
  fc.record({ kind: fc.constant('delete'), key, value: fc.constant(undefined) }),
)

/** The contract of {@link LocalTier}. */
export const localTierChecks: readonly Check[] = [
  {
    guarantee: 'the tier returns what a Map would, after any sequence of set and delete',
    async verifyStore(subject) {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const tier = openLocalTier(subject)
          const model = new Map<string, LocalEntry>()
          for (const { kind, key, value } of steps) {
            const entry = localEntry(key, value)
            if (kind === 'set') tier.set(entry)
            else tier.delete(key)
            if (kind === 'set') model.set(key, entry)
            else model.delete(key)
            strictEqual(tier.get(key), model.get(key))
            strictEqual(tier.peek(key), model.get(key))
          }
          strictEqual(new Set(tier.entries()).size, model.size)
          for (const entry of tier.entries()) strictEqual(entry, model.get(entry.key))
        }),
        { numRuns: 50 },
      )
    },
  },
  {
    guarantee: 'the tier reports its usage, stays within its bounds, and reports each entry it evicts',
    async verifyStore(subject) {
      const tier = openLocalTier(subject)
      const { maxEntries, maxBytes } = tier.usage()
      const many = Math.min(maxEntries + 10, 20_000)
      for (let index = 0; index < many; index += 1) tier.set(localEntry(`key ${index}`, index))
      const usage = tier.usage()
      ok(usage.entries <= maxEntries && usage.bytes <= maxBytes, 'The tier must stay within its bounds.')
      strictEqual(usage.entries, [...tier.entries()].length)
      ok(usage.bytes > 0, 'Entries must count in usage().bytes.')
      strictEqual(new Set(subject.evicted).size, many - usage.entries)
    },
  },
  {
    guarantee: 'peek does not count as a use for eviction',
    async verifyStore(subject) {
      const tier = openLocalTier(subject)
      const { maxEntries } = tier.usage()
      if (maxEntries > 20_000) return
      for (let index = 0; index < maxEntries; index += 1) tier.set(localEntry(`key ${index}`, index))
      tier.peek('key 0')
      tier.get('key 1')
      tier.set(localEntry('one more', 1))
      strictEqual(tier.peek('key 0'), undefined)
      ok(tier.peek('key 1'), 'The entry that was used must not be evicted first.')
    },
  },
  {
    guarantee: 'caches do not share a local tier',
    async verifyStore(subject) {
      const [one, other] = [openLocalTier(subject), openLocalTier(subject)]
      one.set(localEntry('k', 1))
      strictEqual(other.get('k'), undefined)
    },
  },
]

import { ok, strictEqual } from 'node:assert/strict'
import type { LocalEntry, LocalTier } from '@larder/core'
import fc from 'fast-check'
import type { Check, Subject } from './check'

function localTier({ open }: Pick<Subject, 'open'>): LocalTier {
  const { local } = open()
  ok(local, 'The store has a local tier.')
  return local
}

/** An entry as a cache hands it to a local tier. */
function held(key: string, value: unknown): LocalEntry {
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
    computeTime: 1,
    copy: (copied) => copied,
    sequence: 0,
    startedAt,
    checkedAt: -1,
  }
}

const key = fc.constantFrom('a', 'b', 'c', '__proto__', '')
const step = fc.oneof(
  fc.record({ kind: fc.constant('set'), key, value: fc.anything() }),
  fc.record({ kind: fc.constant('delete'), key, value: fc.constant(undefined) }),
)

/** What every {@link LocalTier} promises. */
export const localTierChecks: readonly Check[] = [
  {
    promise: 'it answers like a Map, whatever is set and deleted in whatever order',
    async run(subject) {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const tier = localTier(subject)
          const model = new Map<string, LocalEntry>()
          for (const { kind, key, value } of steps) {
            const entry = held(key, value)
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
    promise: 'it says how full it is and stays within its bounds, and tells of what it removes to do so',
    async run(subject) {
      const tier = localTier(subject)
      const { maxEntries, maxBytes } = tier.usage()
      const many = Math.min(maxEntries + 10, 20_000)
      for (let at = 0; at < many; at += 1) tier.set(held(`key ${at}`, at))
      const usage = tier.usage()
      ok(usage.entries <= maxEntries && usage.bytes <= maxBytes, 'It is within its bounds.')
      strictEqual(usage.entries, [...tier.entries()].length)
      ok(usage.bytes > 0, 'What it holds takes room.')
      strictEqual(new Set(subject.evicted).size, many - usage.entries)
    },
  },
  {
    promise: 'a peek does not count as a use',
    async run(subject) {
      const tier = localTier(subject)
      const { maxEntries } = tier.usage()
      if (maxEntries > 20_000) return
      for (let at = 0; at < maxEntries; at += 1) tier.set(held(`key ${at}`, at))
      tier.peek('key 0')
      tier.get('key 1')
      tier.set(held('one more', 1))
      strictEqual(tier.peek('key 0'), undefined)
      ok(tier.peek('key 1'), 'What was used is still there.')
    },
  },
  {
    promise: 'caches do not share it',
    async run(subject) {
      const [one, other] = [localTier(subject), localTier(subject)]
      one.set(held('k', 1))
      strictEqual(other.get('k'), undefined)
    },
  },
]

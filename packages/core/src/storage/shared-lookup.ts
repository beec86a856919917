import type { LocalEntry } from '../entry/local-entry'
import type { Found, Inspection, TierAnswer, TierInspection } from './lookup'
import { betterAnswer, classifyAnswer, combineLookups } from './miss-reason'
import type { BatchMode } from './shared-reads'
import type { SharedTierClient } from './shared-tier-client'
import type { LocalEntryRules } from './to-local-entry'
import type { Validity } from './validity'

/** A lookup of one key. */
export interface KeyLookup {
  readonly key: string
  readonly rules: LocalEntryRules
  readonly mode: BatchMode
}

/** Dependencies of {@link createSharedLookup}. */
interface SharedLookupOptions {
  /** From near to far. */
  readonly clients: readonly SharedTierClient[]
  readonly validity: Validity
  /** Copies entries found at `depth` into this process and the shared tiers before it. */
  fillTiersBefore(depth: number, found: readonly LocalEntry[]): void
}

/** Looks for entries in the shared tiers, from near to far, until it finds a fresh one. */
export function createSharedLookup({ clients, validity, fillTiersBefore }: SharedLookupOptions) {
  const isFresh = (answer: TierAnswer) =>
    typeof answer === 'object' && validity.stateOf(answer.entry) === 'fresh'

  /** Whether the lookup ends with this answer. The farthest tier has no tier behind it, so its answer is not examined. */
  function isFinal(answer: TierAnswer, depth: number): boolean {
    return depth === clients.length - 1 || isFresh(answer)
  }

  /** The best answer of the shared tiers for one key. Never rejects: no failure of a tier reaches a caller. */
  async function fetchOne(lookup: KeyLookup, depth = 0, known: TierAnswer = 'absent'): Promise<TierAnswer> {
    const client = clients[depth]
    if (client === undefined) return known
    const answer = await client.getOne(lookup.key, lookup.rules, lookup.mode)
    if (typeof answer === 'object') fillTiersBefore(depth, [answer.entry])
    const best = betterAnswer(known, answer)
    return isFinal(best, depth) ? best : fetchOne(lookup, depth + 1, best)
  }

  return {
    fetchOne,

    /** The best answers of the shared tiers for `keys`, with one round trip per tier. */
    async fetchMany(keys: readonly string[], rules: LocalEntryRules): Promise<Map<string, TierAnswer>> {
      const best = new Map<string, TierAnswer>()
      let missing = keys
      for (const [depth, client] of clients.entries()) {
        if (missing.length === 0) break
        const answers = await client.getMany(missing, rules)
        for (const [index, key] of missing.entries()) {
          best.set(key, betterAnswer(best.get(key) ?? 'absent', answers[index] ?? 'absent'))
        }
        const found = answers.filter((answer) => typeof answer === 'object')
        const entries = found.map(({ entry }) => entry)
        fillTiersBefore(depth, entries)
        missing = missing.filter((key) => !isFinal(best.get(key) ?? 'absent', depth))
      }
      return best
    },

    /** Takes an entry that the leases of the farthest tier have returned instead of a lease. */
    async adoptStored(bytes: Uint8Array, key: string, rules: LocalEntryRules): Promise<Found | undefined> {
      const answer = await clients.at(-1)?.decode(bytes, key, rules)
      if (typeof answer !== 'object') return undefined
      fillTiersBefore(clients.length - 1, [answer.entry])
      return answer
    },

    /** The outcome that a read would have, given this process's entry. Copies no entries. */
    async inspectFrom(local: Found | undefined, key: string): Promise<Inspection> {
      const localLookup = local && classifyAnswer(validity, local)
      if (localLookup?.outcome === 'hit') return { lookup: localLookup, found: local }
      let best: TierInspection = { answer: 'absent', found: undefined }
      for (const client of clients) {
        const inspection = await client.inspectKey(key)
        if (betterAnswer(best.answer, inspection.answer) === inspection.answer) best = inspection
        if (isFresh(best.answer)) break
      }
      const lookup = combineLookups(localLookup, classifyAnswer(validity, best.answer))
      return { lookup, found: lookup === localLookup ? local : best.found }
    },
  }
}

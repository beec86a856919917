import type { LocalTier, ScanPage } from '../contracts/store'
import type { LocalEntry } from '../entry/entry'
import type { FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import { pageOfKeys } from './key-page'
import { createLocalCopies, type LocalCopies } from './local-copies'
import {
  betterAnswer,
  classifyAnswer,
  combineLookups,
  type Found,
  type Inspection,
  type TierAnswer,
  type TierInspection,
} from './lookup'
import type { BatchMode, GuardedTier } from './shared-reads'
import { createSharedTierClient, type SharedTierClient } from './shared-tier-client'
import { sweepLocal, sweepShared } from './sweep'
import type { LocalEntryRules } from './to-local-entry'
import type { Validity } from './validity'

/** A lookup of one key. */
export interface KeyLookup {
  readonly key: string
  readonly rules: LocalEntryRules
  readonly mode: BatchMode
}

/** Dependencies of {@link createTiers}. */
interface TiersOptions {
  readonly local: LocalTier | undefined
  /** From near to far. */
  readonly shared: readonly GuardedTier[]
  readonly validity: Validity
  /** Milliseconds since the epoch on the log's clock. */
  now(): number
  /** The log's clock minus the monotonic clock, in ms. */
  clockOffset(): number
  readonly recorder: Recorder
  /** Examines an entry that was made in this process and is about to be stored. */
  examineEntry(entry: LocalEntry): void
}

/** The value of a longer computation is not stored, in ms. */
export const longestComputation = 600_000

/**
 * All tiers of a cache, from near to far. An entry found in a far tier is copied into the tiers before it, with its
 * remaining freshness. No failure of a tier reaches a caller.
 */
export function createTiers(options: TiersOptions) {
  const { validity } = options
  const background = createBackgroundWork()
  const { runInBackground } = background
  const clients = options.shared.map((tier) => createSharedTierClient(tier, { ...options, runInBackground }))
  const copies = createLocalCopies(options)
  const { writeShared, fillTiersBefore } = createFillTiers(clients, copies, runInBackground)
  const lookup = createSharedLookup(clients, validity, fillTiersBefore)

  return {
    ...copies,
    ...lookup,
    ...background,
    isShared: clients.length > 0,
    writeShared,

    /** Stores an entry that was made in this process, unless the local tier holds a newer one that may still be served. */
    storeLocally(entry: LocalEntry): void {
      options.examineEntry(entry)
      copies.storeLocally(entry)
    },

    /** The outcome that a read of the key would have now. Neither counts as a use nor copies entries. */
    inspectKey(key: string): Promise<Inspection> {
      const entry = copies.peek(key)
      return lookup.inspectFrom(entry && { entry, tier: copies.localName }, key)
    },

    /**
     * Removes entries older than `position` from every shared tier, and rejects those that arrive within `keepFor` ms. Never
     * rejects: the log ends those entries as well. Returns whether every tier succeeded.
     */
    async deleteShared(keys: readonly string[], position: number, keepFor = 0): Promise<boolean> {
      const deleted = await Promise.allSettled(
        clients.map((client) => client.deleteOlder(keys, position, keepFor)),
      )
      return deleted.every(({ status }) => status === 'fulfilled')
    },

    /** A page of keys of the farthest tier that can list them: it holds every entry that the tiers before it hold. */
    async scanKeys(cursor: string | undefined, count: number): Promise<ScanPage> {
      const farthest = clients.findLast(({ scanKeys }) => scanKeys !== undefined)
      if (farthest?.scanKeys !== undefined) return farthest.scanKeys(cursor, count)
      return pageOfKeys(copies.localEntries(), cursor, count)
    },

    /** Removes entries that can never be served again, pausing after each page. Returns how many it removed. */
    async sweepAll(pause: () => Promise<void>): Promise<number> {
      let removed = 0
      for (const client of clients) removed += await sweepShared(client, pause)
      return removed + (await sweepLocal(copies, validity, pause))
    },
  }
}

export type Tiers = ReturnType<typeof createTiers>

/** Looks for entries in the shared tiers, from near to far, until it finds a fresh one. */
function createSharedLookup(
  clients: readonly SharedTierClient[],
  validity: Validity,
  fillTiersBefore: (depth: number, found: readonly LocalEntry[]) => void,
) {
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
      if (lookup === localLookup) return { lookup, found: local }
      return { lookup, found: best.found, unreadable: best.unreadable }
    },
  }
}

/** Writes entries to the shared tiers. Until they arrive there, reads find them in this process. */
function createFillTiers(
  clients: readonly SharedTierClient[],
  copies: LocalCopies,
  runInBackground: (work: Promise<unknown>) => void,
) {
  async function writeTo(
    targets: readonly SharedTierClient[],
    entries: readonly LocalEntry[],
    counts?: FunctionCounts,
    lease?: string,
  ): Promise<boolean> {
    if (targets.length === 0) return true
    copies.addPendingWrites(entries)
    try {
      const written = await Promise.all(targets.map((target) => target.writeEntries(entries, counts, lease)))
      return written.every(Boolean)
    } finally {
      copies.removePendingWrites(entries)
    }
  }

  return {
    /** Writes entries of one function to every shared tier. Never rejects; returns whether all tiers took all entries. */
    writeShared: (entries: readonly LocalEntry[], counts: FunctionCounts, lease?: string) =>
      writeTo(clients, entries, counts, lease),

    /** Copies entries found at `depth` into this process and the shared tiers before it. */
    fillTiersBefore(depth: number, found: readonly LocalEntry[]): void {
      for (const entry of found) copies.storeLocally(entry)
      if (depth > 0 && found.length > 0) runInBackground(writeTo(clients.slice(0, depth), found))
    },
  }
}

/** Keeps track of work that no caller waits for, so that closing the cache can. */
function createBackgroundWork() {
  const running = new Set<Promise<unknown>>()

  return {
    /** Tracks `work` until it ends. A failure is ignored: the caller reports it. */
    runInBackground(work: Promise<unknown>): void {
      const tracked = work.catch(() => undefined).finally(() => running.delete(tracked))
      running.add(tracked)
    },
    /** Resolves once all work has ended, including work that was started meanwhile. */
    async waitUntilIdle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

import type { Clock } from '../contracts/clock'
import { momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import type { ReadOptions } from '../options'
import {
  absentMiss,
  classifyAnswer,
  classifyEntry,
  combineLookups,
  type Lookup,
  type TierAnswer,
  unprovenMiss,
} from '../storage/lookup'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { CountedKey, FunctionCounts } from '../telemetry/function-counts'
import type { Recorder } from '../telemetry/recorder'
import { bounded, demandOf, establishConsistency, stricterOf } from './demand'
import { type Capture, type Dependencies, dependOnEntry, dependOnKey } from './dependencies'
import type { Rules } from './rules'
import type { Transactions } from './transactions'

/** Dependencies of {@link createFindFresh}. */
interface FindFreshOptions {
  readonly cacheName: string
  readonly clock: Clock
  /** The rules of the cache, for entries that are copied from a shared tier into this process. */
  readonly rules: Rules
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  readonly recorder: Recorder
  /** A closed cache serves no entries. */
  isClosed(): boolean
}

/** Reads that never compute: `get`, `getMany` and `has`. */
export function createFindFresh(options: FindFreshOptions) {
  const { clock, follower, validity, tiers, dependencies, transactions, recorder } = options

  function lookUpLocal(keys: readonly string[]): Map<string, Lookup> {
    const lookups = new Map<string, Lookup>()
    const now = momentOf(clock)
    for (const key of keys) {
      const entry = tiers.getLocal(key)
      if (entry !== undefined) lookups.set(key, classifyEntry(validity, entry, tiers.localName, now))
    }
    return lookups
  }

  /** Adds the answers of the shared tiers. */
  function addAnswers(answers: ReadonlyMap<string, TierAnswer>, lookups: Map<string, Lookup>): void {
    const now = momentOf(clock)
    for (const [key, answer] of answers)
      lookups.set(key, combineLookups(lookups.get(key), classifyAnswer(validity, answer, now)))
  }

  /** Records a hit or a miss. */
  function recordLookup(read: CountedKey, lookup: Lookup, capture: Capture | undefined): void {
    if (lookup.outcome !== 'hit') {
      recorder.miss(read, lookup.reason)
      return
    }
    const { entry, tier } = lookup
    recorder.hit(read.counts, entry, tier, follower.now())
    if (capture !== undefined) dependOnEntry(capture, entry, true, validity.provenAt(entry))
  }

  /** Looks in all tiers, and records a hit or a miss for each key. Keys without a lookup are misses. */
  return async (
    keys: readonly string[],
    counts: FunctionCounts,
    demands: ReadOptions | undefined,
  ): Promise<ReadonlyMap<string, Lookup>> => {
    const capture = dependencies.currentCapture()
    if (capture !== undefined) for (const key of keys) dependOnKey(capture, key)
    const demand = stricterOf(demandOf(options.cacheName, demands), capture?.demand ?? bounded)
    if (transactions.isOpen || options.isClosed()) return new Map()
    const isEstablished = await establishConsistency(follower, demand)
    const lookups = isEstablished ? lookUpLocal(keys) : new Map<string, Lookup>()
    const notFound = isEstablished ? absentMiss : unprovenMiss
    if (isEstablished && tiers.isShared) {
      const missing = keys.filter((key) => lookups.get(key)?.outcome !== 'hit')
      if (missing.length > 0) addAnswers(await tiers.fetchMany(missing, options.rules), lookups)
    }
    for (const key of keys) {
      const lookup = lookups.get(key) ?? notFound
      // A remembered error is not a value.
      const isError = lookup.outcome === 'hit' && lookup.entry.kind === 'error'
      if (isError) lookups.set(key, absentMiss)
      recordLookup({ key, counts }, isError ? absentMiss : lookup, capture)
    }
    return lookups
  }
}

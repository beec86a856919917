import type { TierUsage } from '../contracts/store'
import type { CircuitState } from '../faults/circuit'

/** How often something happened. */
export interface Tally {
  count: number
}

/** What the cache counts, in plain numbers: counting costs nothing where nobody asks. */
export function createCounters() {
  return {
    /** Fresh values served, by tier: see {@link hitsOf}. */
    hits: new Map<string, Tally>(),
    /** Stale values served. */
    stale: 0,
    misses: 0,
    /** Callers that shared another caller's computation. */
    joins: 0,
    /** Computations, by how they ended. */
    computes: { value: 0, error: 0, timeout: 0, aborted: 0 },
    /** What became of computed values. */
    fills: { stored: 0, skipped: 0, outdated: 0 },
    /** Computations behind the callers' backs. */
    refreshes: 0,
    invalidations: { applied: 0, queued: 0 },
    /** Pushed appends of the log that arrived. */
    follows: 0,
    syncs: { ok: 0, failed: 0 },
    /** Times the log had lost records and was told them again. */
    diverged: 0,
    evictions: 0,
    /** Entries whose bytes were not used. */
    unreadable: 0,
    /** Failures that no caller hears of. */
    errors: 0,
  }
}

export type Counters = ReturnType<typeof createCounters>

/** What can be read off at any moment. */
export interface Gauges {
  readonly usage: TierUsage | undefined
  /** How far the log has been read; `-1` if never. */
  readonly position: number
  /** Since the last proof of being current, in ms. */
  readonly lag: number
  /** The lag beyond which reads wait for the log, in ms. */
  readonly maxStaleness: number
  /** Invalidations that wait for the log. */
  readonly outbox: number
  /** Computations under way. */
  readonly flights: number
  readonly circuits: readonly { readonly name: string; readonly state: CircuitState }[]
}

/** Everything counted since the cache was made, and its state now. */
export interface CacheStats extends Readonly<Omit<Counters, 'hits'>>, Gauges {
  /** Fresh values served, by tier. */
  readonly hits: Readonly<Record<string, number>>
  /** The share of reads served without computing, from 0 to 1; 0 before the first read. */
  readonly hitRatio: number
}

/** The tally of one tier's hits. */
export function hitsOf({ hits }: Counters, tier: string): Tally {
  const tally = hits.get(tier) ?? { count: 0 }
  hits.set(tier, tally)
  return tally
}

/** A copy of the counters that does not go on counting. */
export function snapshot({ hits, ...counters }: Counters, gauges: Gauges): CacheStats {
  const counted = [...hits].filter(([, { count }]) => count > 0).map(([tier, { count }]) => [tier, count])
  const served = [...hits.values()].reduce((sum, { count }) => sum + count, 0) + counters.stale
  const reads = served + counters.misses
  return {
    ...structuredClone(counters),
    ...gauges,
    hits: Object.fromEntries(counted),
    hitRatio: reads === 0 ? 0 : served / reads,
  }
}

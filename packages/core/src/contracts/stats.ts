import type { CircuitState } from './events'
import type { TierUsage } from './store'

/** Counts of everything a cache has done since it was created. */
export interface EventCounts {
  /** Stale values served. */
  stale: number
  misses: number
  /** Callers that shared the computation of another caller. */
  joins: number
  /** Computations, by how they ended. */
  computes: { value: number; error: number; timeout: number; aborted: number; busy: number }
  /** Computed values, by whether they were stored. */
  fills: { stored: number; skipped: number; outdated: number }
  /** Computations in the background, which no caller waits for. */
  refreshes: number
  invalidations: { applied: number; queued: number }
  /** Appends that the log pushed to this process. */
  follows: number
  syncs: { ok: number; failed: number }
  /** Times the log had lost records that this process then appended again. */
  diverged: number
  evictions: number
  /** Entries whose bytes could not be used. */
  unreadable: number
  /** Failures that were reported to no caller. */
  errors: number
}

/** The state of a cache at one moment. */
export interface Gauges {
  /** Undefined for a cache without a local tier. */
  readonly usage: TierUsage | undefined
  /** The log position up to which records are applied; `-1` before the first sync. */
  readonly position: number
  /** Time since this process was last proven current, in ms; `Infinity` if it never was. */
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
export interface CacheStats extends Readonly<EventCounts>, Gauges {
  /** Fresh values served, by tier. */
  readonly hits: Readonly<Record<string, number>>
  /** The share of reads served without computing, from 0 to 1; 0 before the first read. */
  readonly hitRatio: number
}

import type { CircuitState, ComputeOutcome, FillOutcome, MissReason, SkipReason } from './events'
import type { AuditOutcome } from './operation'
import type { ServerUsage, TierUsage } from './store'

/** Counts of what concerns a cache as a whole. */
export interface EventCounts {
  invalidations: { applied: number; queued: number }
  /** Appends of other processes that came into force here, together if one answer of the log had several. */
  follows: number
  syncs: { ok: number; failed: number }
  /** Times the log had lost records that this process then appended again. */
  diverged: number
  evictions: number
  /** Entries whose bytes could not be used. */
  unreadable: number
  /** Failures that were reported to no caller. */
  errors: number
  /** Entries that audits have compared with their source, by outcome. */
  readonly audited: Record<AuditOutcome, number>
}

/** Reads, and the computations and fills that they cause, since the cache was created. */
export interface ReadStats {
  /** Fresh values served, by tier. */
  readonly hits: Readonly<Record<string, number>>
  /**
   * The share of reads served without computing, from 0 to 1; 0 before the first read. That of a cache or namespace leaves
   * out requests that no rule of HTTP is for (`http/*`): whether they may be stored is left to their responses.
   */
  readonly hitRatio: number
  /** Stale values served. */
  readonly stale: number
  /** Reads that found no value to serve, those that failed included. */
  readonly misses: number
  /** The misses, by reason. */
  readonly missReasons: Readonly<Record<MissReason, number>>
  /** Callers that shared the computation of another caller. */
  readonly joins: number
  /** Computations, by how they ended. */
  readonly computes: Readonly<Record<ComputeOutcome, number>>
  /** The total duration of these computations, in ms. */
  readonly computeTime: number
  /**
   * The 95th percentile of the duration of recent computations, in ms: an estimate within 12 %, for which a computation a
   * minute ago counts half. 0 before the first.
   */
  readonly computeP95: number
  /** Computed values, by whether they were stored. */
  readonly fills: Readonly<Record<FillOutcome, number>>
  /** The computed values that were skipped, by reason. */
  readonly skips: Readonly<Record<SkipReason, number>>
  /** Computations in the background, which no caller waits for. */
  readonly refreshes: number
  /** Bytes written to shared stores. */
  readonly writtenBytes: number
  /** The age of values served recently, in ms: a moving average of one hit in 64. 0 before the first hit. */
  readonly servedAge: number
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
  /** The servers of the store. Empty where the store tells nothing of them, and before the first answer. */
  readonly servers: readonly ServerUsage[]
}

/**
 * Everything counted since the cache was made, and its state now. In a namespace, the {@link ReadStats} are its own; all other
 * numbers are those of the whole cache.
 */
export interface CacheStats extends ReadStats, Readonly<EventCounts>, Gauges {
  /**
   * The same for each wrapped function, HTTP route and namespace: `loadUser`, `users/loadUser`, `http/GET /products/:id`, and
   * `*` or `users/*` for reads by key. The first hundred that read anything have their own counts; `other` sums up the rest,
   * so that names made of data stay bounded.
   */
  readonly functions: Readonly<Record<string, ReadStats>>
}

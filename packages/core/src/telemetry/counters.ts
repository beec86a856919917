import type { CacheStats, EventCounts, Gauges } from '../contracts/stats'

/** A count that its owner increments in place. */
interface Tally {
  count: number
}

/** {@link EventCounts}, and the hits by tier: see {@link hitsOf}. */
export interface Counters extends EventCounts {
  readonly hits: Map<string, Tally>
}

/** Plain numbers, so that counting costs nothing while no one reads the statistics. */
export function createCounters(): Counters {
  return {
    hits: new Map(),
    stale: 0,
    misses: 0,
    joins: 0,
    computes: { value: 0, error: 0, timeout: 0, aborted: 0, busy: 0 },
    fills: { stored: 0, skipped: 0, outdated: 0 },
    refreshes: 0,
    invalidations: { applied: 0, queued: 0 },
    follows: 0,
    syncs: { ok: 0, failed: 0 },
    diverged: 0,
    evictions: 0,
    unreadable: 0,
    errors: 0,
  }
}

/** The hit count of one tier. */
export function hitsOf({ hits }: Counters, tier: string): Tally {
  const tally = hits.get(tier) ?? { count: 0 }
  hits.set(tier, tally)
  return tally
}

/** A copy of the counters, which later events do not change, with the gauges of this moment. */
export function snapshotStats({ hits, ...counters }: Counters, gauges: Gauges): CacheStats {
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

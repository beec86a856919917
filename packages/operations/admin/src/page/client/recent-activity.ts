import type { ReadStats } from '@larder/core'

/** The reads and computations of a function in a period. */
export interface Activity {
  readonly reads: number
  /** Reads that did not wait for a computation. */
  readonly served: number
  readonly computed: number
  readonly failed: number
}

export function measureActivity({ hits, stale, misses, computes }: ReadStats): Activity {
  const served = sumOf(hits) + stale
  return {
    reads: served + misses,
    served,
    computed: sumOf(computes),
    failed: (computes.error ?? 0) + (computes.timeout ?? 0),
  }
}

/** The activity since `before`, which is undefined for a function that was not known then. */
export function activitySince(before: ReadStats | undefined, counts: ReadStats): Activity {
  const now = measureActivity(counts)
  if (before === undefined) return now
  const then = measureActivity(before)
  return {
    reads: now.reads - then.reads,
    served: now.served - then.served,
    computed: now.computed - then.computed,
    failed: now.failed - then.failed,
  }
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

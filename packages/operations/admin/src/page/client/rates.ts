import type { LiveState } from './live-state'

/** The reads of a process until a moment. */
export interface ReadCounts {
  /** In ms since the epoch. */
  readonly at: number
  readonly served: number
  readonly misses: number
}

/** Rates of the reads between two moments. */
export interface Rates {
  /** Time between the two, in ms. */
  readonly duration: number
  readonly readsPerSecond: number
  /** Undefined without reads. */
  readonly hitRatio: number | undefined
}

/** Reads that did not wait for a computation are served: hits of all tiers, and stale values. */
export function countReads({ at, stats: { hits, stale, misses } }: LiveState): ReadCounts {
  const served = Object.values(hits).reduce((sum, count) => sum + count, stale)
  return { at: Date.parse(at), served, misses }
}

export function ratesBetween(previous: ReadCounts, current: ReadCounts): Rates {
  const duration = Math.max(1, current.at - previous.at)
  const served = current.served - previous.served
  const reads = served + current.misses - previous.misses
  return {
    duration,
    readsPerSecond: Math.max(0, (reads * 1_000) / duration),
    hitRatio: reads > 0 ? served / reads : undefined,
  }
}

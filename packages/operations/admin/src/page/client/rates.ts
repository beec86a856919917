import type { LiveState } from './live-state'

/** Rates of the reads between two states. */
export interface Rates {
  readonly readsPerSecond: number
  /** Undefined without reads. */
  readonly hitRatio: number | undefined
}

export function ratesBetween(previous: LiveState, current: LiveState): Rates {
  const seconds = Math.max(0.001, (Date.parse(current.at) - Date.parse(previous.at)) / 1_000)
  const served = countServed(current) - countServed(previous)
  const reads = served + current.stats.misses - previous.stats.misses
  return { readsPerSecond: Math.max(0, reads / seconds), hitRatio: reads > 0 ? served / reads : undefined }
}

/** Reads that did not wait for a computation: hits of all tiers, and stale values. */
function countServed({ stats: { hits, stale } }: LiveState): number {
  return Object.values(hits).reduce((sum, count) => sum + count, stale)
}

import type { LiveState } from './live-state'
import type { Moment } from './minute'
import { type Activity, measureActivity } from './recent-activity'

/** The reads of a process until a moment. */
export interface ReadCounts {
  readonly reads: number
  /** Those of the reads that count for the hit ratio: all but requests that no rule is for, as in `stats().hitRatio`. */
  readonly rated: number
  /** Those of the rated reads that did not wait for a computation: hits of all tiers, and stale values. */
  readonly served: number
}

/** Rates of the reads between two moments. */
export interface Rates {
  /** Time between the two, in ms. */
  readonly duration: number
  readonly readsPerSecond: number
  readonly ratedPerSecond: number
  /** Undefined without rated reads. */
  readonly hitRatio: number | undefined
}

export function countReads({ stats, kinds }: LiveState): ReadCounts {
  const all = Object.entries(stats.functions)
  const rated = all.filter(([name]) => kinds[name] !== 'unruled')
  const sumOf = (functions: typeof all, count: keyof Activity) =>
    functions.reduce((sum, [, counts]) => sum + measureActivity(counts)[count], 0)
  return { reads: sumOf(all, 'reads'), rated: sumOf(rated, 'reads'), served: sumOf(rated, 'served') }
}

export function ratesBetween(from: Moment<ReadCounts>, to: Moment<ReadCounts>): Rates {
  const { measured: previous, at } = from
  const { measured: current } = to
  const duration = Math.max(1, to.at - at)
  const perSecond = (reads: number) => Math.max(0, (reads * 1_000) / duration)
  const rated = current.rated - previous.rated
  return {
    duration,
    readsPerSecond: perSecond(current.reads - previous.reads),
    ratedPerSecond: perSecond(rated),
    hitRatio: rated > 0 ? (current.served - previous.served) / rated : undefined,
  }
}

import type { CacheStats, Gauges, ReadStats } from '../contracts/stats'
import type { Counters } from './counters'
import { estimateQuantile } from './duration-sketch'
import type { FunctionCounts } from './function-counts'
import { readKindOf } from './read-kinds'

/** The counts and the state of a cache at one moment, which later events do not change. */
export interface StatsOptions {
  /** The namespace whose reads are counted; empty for the whole cache. */
  readonly path: string
  readonly localName: string
  readonly gauges: Gauges
  /** In ms of the monotonic clock. */
  readonly now: number
}

export function snapshotStats({ events, functions }: Counters, options: StatsOptions): CacheStats {
  const { path, gauges } = options
  const listed = functions.listWithin(path)
  return {
    ...sumReads(listed, options),
    hitRatio: hitRatioOf(listed.filter(({ name }) => readKindOf(name) !== 'unruled')),
    ...structuredClone(events),
    ...gauges,
    functions: Object.fromEntries(listed.map((counts) => [counts.name, sumReads([counts], options)])),
  }
}

function sumReads(listed: readonly FunctionCounts[], { localName, now }: StatsOptions): ReadStats {
  const sumOf = (numberOf: (counts: FunctionCounts) => number) =>
    listed.reduce((sum, counts) => sum + numberOf(counts), 0)
  const hits = sumByName(listed.map((counts) => hitsByTier(counts, localName)))
  const missReasons = sumByName(listed.map((counts) => counts.missReasons))
  const stale = sumOf((counts) => counts.stale)
  const fresh = totalOf(hits)
  const ages = sumOf((counts) => counts.servedAge * totalOf(hitsByTier(counts, localName)))
  const durations = listed.flatMap((counts) => counts.durations ?? [])
  return {
    hits,
    hitRatio: hitRatioOf(listed),
    stale,
    misses: totalOf(missReasons),
    missReasons,
    joins: sumOf((counts) => counts.joins),
    computes: sumByName(listed.map((counts) => counts.computes)),
    computeTime: sumOf((counts) => counts.computeTime),
    computeP95: estimateQuantile(durations, 0.95, now),
    fills: sumByName(listed.map((counts) => counts.fills)),
    skips: sumByName(listed.map((counts) => counts.skips)),
    refreshes: sumOf((counts) => counts.refreshes),
    writtenBytes: sumOf((counts) => counts.writtenBytes),
    servedAge: fresh === 0 ? 0 : ages / fresh,
  }
}

function hitRatioOf(listed: readonly FunctionCounts[]): number {
  let served = 0
  let misses = 0
  for (const { fastHits, hits, stale, missReasons } of listed) {
    served += fastHits + totalOf(hits) + stale
    misses += totalOf(missReasons)
  }
  return served / Math.max(1, served + misses)
}

/** Tiers without a hit are left out. */
function hitsByTier({ fastHits, hits }: FunctionCounts, localName: string): Record<string, number> {
  return fastHits === 0 ? hits : { ...hits, [localName]: (hits[localName] ?? 0) + fastHits }
}

function sumByName<Name extends string>(all: readonly Record<Name, number>[]): Record<Name, number> {
  const sums: Partial<Record<Name, number>> = {}
  for (const counts of all)
    for (const [name, count] of Object.entries(counts) as [Name, number][])
      sums[name] = (sums[name] ?? 0) + count
  return sums as Record<Name, number>
}

const totalOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

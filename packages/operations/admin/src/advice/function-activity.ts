import type { CacheStats, ReadStats } from '@larder/core'
import { sumOf } from './advice'

/** The counts of a function within a window of time. */
export interface FunctionActivity
  extends Pick<
    ReadStats,
    'misses' | 'missReasons' | 'joins' | 'computes' | 'computeTime' | 'computeP95' | 'fills' | 'skips'
  > {
  readonly name: string
  /** Reads served without computing. */
  readonly served: number
  /** From 0 to 1. */
  readonly hitRatio: number
  /** Mean duration of a computation, in ms. */
  readonly meanDuration: number
  /** Time that callers waited for its misses: their number times the mean duration, in ms. */
  readonly cost: number
}

/** The functions that were used between two snapshots, the one with the most costly misses first. */
export function rankFunctions(from: CacheStats, to: CacheStats): readonly FunctionActivity[] {
  return Object.entries(to.functions)
    .map(([name, after]) => measureFunction(name, from.functions[name], after))
    .filter(({ served, misses, computes, fills }) => served + misses + sumOf(computes) + sumOf(fills) > 0)
    .sort((a, b) => b.cost - a.cost)
}

function measureFunction(name: string, before: ReadStats | undefined, after: ReadStats): FunctionActivity {
  const misses = after.misses - (before?.misses ?? 0)
  const served = countServed(after) - (before === undefined ? 0 : countServed(before))
  const computes = subtract(after.computes, before?.computes)
  const computeTime = after.computeTime - (before?.computeTime ?? 0)
  const meanDuration = computeTime / Math.max(1, sumOf(computes))
  return {
    name,
    served,
    misses,
    hitRatio: served / Math.max(1, served + misses),
    missReasons: subtract(after.missReasons, before?.missReasons),
    joins: after.joins - (before?.joins ?? 0),
    computes,
    computeTime,
    computeP95: after.computeP95,
    fills: subtract(after.fills, before?.fills),
    skips: subtract(after.skips, before?.skips),
    meanDuration,
    cost: misses * meanDuration,
  }
}

const countServed = ({ hits, stale }: ReadStats) => sumOf(hits) + stale

function subtract<Name extends string>(
  after: Readonly<Record<Name, number>>,
  before: Readonly<Record<Name, number>> | undefined,
): Record<Name, number> {
  const difference: Record<Name, number> = { ...after }
  for (const name in before) difference[name] = after[name] - before[name]
  return difference
}

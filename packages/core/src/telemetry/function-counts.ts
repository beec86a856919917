import type { ComputeOutcome, FillOutcome, MissReason, SkipReason } from '../contracts/events'
import type { DurationSketch } from './duration-sketch'

/** The counts of one wrapped function, route or namespace. Their owners increment them in place. */
export interface FunctionCounts {
  readonly name: string
  /** The namespace of its keys. */
  readonly path: string
  /** Hits of the local tier on the fast path, which makes no lookup by name. */
  fastHits: number
  /** All other hits, by tier. */
  readonly hits: Record<string, number>
  stale: number
  readonly missReasons: Record<MissReason, number>
  joins: number
  readonly computes: Record<ComputeOutcome, number>
  computeTime: number
  /** Undefined before the first computation. */
  durations: DurationSketch | undefined
  readonly fills: Record<FillOutcome, number>
  readonly skips: Record<SkipReason, number>
  refreshes: number
  writtenBytes: number
  servedAge: number
}

/** A key, and the counts of the function that reads it. */
export interface CountedKey {
  readonly key: string
  readonly counts: FunctionCounts
}

/** Names with counts of their own; all others share one. A collector stores up to 20 time series for each. */
const maxFunctions = 100

/** The counts of all functions of a cache. */
export function createFunctionCounts() {
  const byName = new Map<string, FunctionCounts>()

  return {
    /** The counts under this name; `path` is the namespace. Asked for once per function, not per read. */
    countsOf(path: string, name: string): FunctionCounts {
      const known = byName.get(name)
      if (known !== undefined) return known
      if (byName.size >= maxFunctions) return byName.get('other') ?? addCounts('', 'other')
      return addCounts(path, name)
    },

    /** Those of the functions in the namespace. */
    listWithin: (path: string) => [...byName.values()].filter((counts) => counts.path.startsWith(path)),
  }

  function addCounts(path: string, name: string): FunctionCounts {
    const counts = emptyCounts(path, name)
    byName.set(name, counts)
    return counts
  }
}

function emptyCounts(path: string, name: string): FunctionCounts {
  return {
    name,
    path,
    fastHits: 0,
    hits: {},
    stale: 0,
    missReasons: { absent: 0, expired: 0, invalidated: 0, unreadable: 0, unproven: 0, forced: 0 },
    joins: 0,
    computes: { value: 0, error: 0, timeout: 0, aborted: 0, busy: 0 },
    computeTime: 0,
    durations: undefined,
    fills: { stored: 0, skipped: 0, outdated: 0 },
    skips: { ttl: 0, cacheIf: 0, skip: 0, dependency: 0, unstorable: 0 },
    refreshes: 0,
    writtenBytes: 0,
    servedAge: 0,
  }
}

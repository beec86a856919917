import type { Invalidated } from '@larder/core'

/** A write: its commit and the outcome of its invalidation. Times in ms of the simulation. */
export interface WriteRecord {
  readonly node: number
  readonly incarnation: number
  readonly item: number
  readonly version: number
  readonly committedAt: number
  /** The call that invalidated the item, such as `tag`, `key` or `clear`. */
  readonly means: string
  readonly resolvedAt: number
  /** One that is not applied is in force in its own process only. */
  readonly outcome: Invalidated['outcome']
  /** For reads with `after` that must see at least this write. */
  readonly token: string | undefined
}

/** The consistency that a read asks for: the usual bound, every acknowledged write, or at least one given write. */
export type Demand = 'bounded' | 'strong' | { readonly after: WriteRecord }

/** A read of one item. */
export interface ReadRecord {
  readonly node: number
  readonly incarnation: number
  readonly item: number
  readonly startedAt: number
  readonly demand: Demand
  /** Whether it was read after all faults were healed and all queues had time to drain. */
  readonly isLast: boolean
  endedAt: number | undefined
  version: number | undefined
  error: unknown
}

/** A computation of an item: it read this version from the source. */
interface ComputationRecord {
  readonly item: number
  readonly version: number
  readonly endedAt: number
}

/** The end of a call of `close`. */
interface CloseRecord {
  readonly node: number
  readonly incarnation: number
  /** In ms of the simulation. */
  readonly time: number
}

/** A fault that was injected or healed. */
export interface FaultRecord {
  /** In ms of the simulation. */
  readonly time: number
  readonly event: string
}

/** Everything that happened in one run. */
export interface History {
  readonly reads: ReadRecord[]
  readonly writes: WriteRecord[]
  /** Softly invalidated writes: stale values may be served, but not to reads that demand more than the bound. */
  readonly softWrites: WriteRecord[]
  readonly computations: ComputationRecord[]
  readonly faults: FaultRecord[]
  /** The incarnation of each node at the end of the run. */
  survivors: readonly number[]
  /** Caches that were closed while the log could be reached: everything that they have invalidated is on it. */
  readonly closes: CloseRecord[]
  /** Periods, in ms, in which two servers keep the log, so that reads need not see the writes of other processes. */
  readonly splits: { readonly from: number; readonly to: number }[]
}

export function emptyHistory(): History {
  const records = { reads: [], writes: [], softWrites: [], computations: [], faults: [] }
  return { ...records, survivors: [], closes: [], splits: [] }
}

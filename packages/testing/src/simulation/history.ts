/** A write: its commit, and what became of its invalidation. Times in ms of the simulation. */
export interface WriteRecord {
  readonly node: number
  readonly incarnation: number
  readonly item: number
  readonly version: number
  readonly committedAt: number
  /** How it was invalidated. */
  readonly means: string
  readonly resolvedAt: number
  readonly outcome: 'applied' | 'queued'
  /** For reads that ask for at least this write. */
  readonly token: string | undefined
}

/** What a read demands: the usual bound, everything acknowledged so far, or at least one write. */
export type Demand = 'bounded' | 'strong' | { readonly after: WriteRecord }

/** A read of one item. */
export interface ReadRecord {
  readonly node: number
  readonly incarnation: number
  readonly item: number
  readonly startedAt: number
  readonly demand: Demand
  /** Read after everything was mended and had time to settle. */
  readonly isLast: boolean
  endedAt: number | undefined
  version: number | undefined
  error: unknown
}

/** Something that was broken, or mended. */
export interface FaultRecord {
  readonly at: number
  readonly what: string
}

/** Everything that happened in one run. */
export interface History {
  readonly reads: ReadRecord[]
  readonly writes: WriteRecord[]
  readonly faults: FaultRecord[]
  /** The incarnation of each node that was still there at the end. */
  survivors: readonly number[]
}

export function emptyHistory(): History {
  return { reads: [], writes: [], faults: [], survivors: [] }
}

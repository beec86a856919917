import type { Invalidation } from '../contracts/log'

/** Invalidations that the log has not accepted yet, and the last own sequence among them. */
export interface Parcel {
  readonly invalidations: readonly Invalidation[]
  readonly sequence: number
}

/** Ends everything. */
export const clearAll: Invalidation = { scope: 'all', mode: 'hard', name: '' }

/**
 * Keeps what could not be appended until it can. Bounded: beyond `capacity` names it keeps one
 * "everything" instead, which costs misses and loses nothing.
 */
export function createOutbox(capacity: number) {
  let waiting = new Map<string, Invalidation>()
  let sequence = 0

  function add(parcel: Parcel): void {
    sequence = Math.max(sequence, parcel.sequence)
    for (const item of parcel.invalidations) waiting.set(`${item.scope} ${item.mode} ${item.name}`, item)
    if (waiting.size > capacity) waiting = new Map([['all hard ', clearAll], ...linksOf(waiting)])
  }

  return {
    get size() {
      return waiting.size
    },
    add,
    /** Takes everything; whoever cannot deliver it adds it again. */
    take(): Parcel {
      const parcel = { invalidations: [...waiting.values()], sequence }
      waiting = new Map()
      return parcel
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

/** A change of the tag graph is not an invalidation that "everything" could stand for. */
function linksOf(waiting: ReadonlyMap<string, Invalidation>): [string, Invalidation][] {
  return [...waiting].filter(([, item]) => item.scope === 'link' || item.scope === 'unlink')
}

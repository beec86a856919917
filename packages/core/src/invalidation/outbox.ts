import type { Invalidation } from '../contracts/log'

/** An own invalidation, and its place among all that were called for in this process. */
export interface PendingInvalidation {
  readonly invalidation: Invalidation
  readonly sequence: number
}

/** Invalidations that go to the log together. */
export type Parcel = readonly PendingInvalidation[]

/** Ends everything. */
const clearAll: Invalidation = { scope: 'all', mode: 'hard', name: '' }

/**
 * Keeps what could not be appended until it can. Bounded: beyond `capacity` names it keeps one
 * "everything" instead, which costs misses and loses nothing.
 */
export function createOutbox(capacity: number) {
  let waiting = new Map<string, PendingInvalidation>()

  /** The last call counts, in whatever order they fail. */
  function keep(sent: PendingInvalidation): void {
    const { scope, mode, name } = sent.invalidation
    const place = `${scope} ${mode} ${name}`
    const known = waiting.get(place)
    if (known === undefined || known.sequence < sent.sequence) waiting.set(place, sent)
  }

  return {
    get size() {
      return waiting.size
    },
    add(parcel: Parcel): void {
      for (const sent of parcel) keep(sent)
      if (waiting.size > capacity) waiting = withEverything(waiting)
    },
    /** Takes everything, in the order of the last call of each; whoever cannot deliver it adds it again. */
    take(): Parcel {
      const parcel = [...waiting.values()].sort((a, b) => a.sequence - b.sequence)
      waiting = new Map()
      return parcel
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

const isLink = ({ scope }: Invalidation) => scope === 'link' || scope === 'unlink'

/** A change of the tag graph is not an invalidation that "everything" could stand for. */
function withEverything(waiting: ReadonlyMap<string, PendingInvalidation>): Map<string, PendingInvalidation> {
  let sequence = 0
  for (const sent of waiting.values()) sequence = Math.max(sequence, sent.sequence)
  const links = [...waiting].filter(([, { invalidation }]) => isLink(invalidation))
  return new Map([['all hard ', { invalidation: clearAll, sequence }], ...links])
}

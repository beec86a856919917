import type { Invalidation } from '../contracts/log'
import { averageLength } from './name-limit'
import { isLinkChange } from './tag-graph'

/** An invalidation of this process that the log has not confirmed yet. */
export interface PendingInvalidation {
  readonly invalidation: Invalidation
  /** Its number among all invalidations issued by this process. */
  readonly sequence: number
}

export const clearAll: Invalidation = { scope: 'all', mode: 'hard', name: '' }

/**
 * Queues invalidations that could not be appended to the log. Bounded: beyond `capacity` names, or 128 characters for each
 * of them, it keeps one invalidation of everything instead, which costs misses and loses none. That does not cover changes of
 * the tag graph, so these are kept apart: as many links as the graph may have, and removals of links up to the same bounds,
 * because a link too many costs misses only. `onOverflow` gets the sequence of the invalidation of everything.
 */
export function createOutbox(capacity: number, onOverflow: (sequence: number) => void) {
  let names = createQueue()
  let links = createQueue()
  /** Whether changes of the tag graph that were queued are being delivered. */
  let redeliversLinks = false

  const isFull = ({ size, characters }: Queue) => size > capacity || characters > capacity * averageLength

  function add(pending: PendingInvalidation): void {
    const { scope, mode, name } = pending.invalidation
    if (isLinkChange(pending.invalidation)) links.add(name, pending)
    else names.add(`${scope} ${mode} ${name}`, pending)
  }

  return {
    get size() {
      return names.size + links.size
    },
    add(batch: readonly PendingInvalidation[]): void {
      for (const pending of batch) add(pending)
      if (isFull(names)) {
        const everything = clearAllInsteadOf(names)
        names = createQueue()
        add(everything)
        onOverflow(everything.sequence)
      }
      if (isFull(links)) {
        const made = [...links.values()].filter(({ invalidation }) => invalidation.scope === 'link')
        links = createQueue()
        for (const link of made) add(link)
      }
    },
    /** Whether changes of the tag graph are queued, or being delivered again: what is invalidated later relies on them. */
    get hasLinkChanges() {
      return links.size > 0 || redeliversLinks
    },
    /** Empties the queue and delivers what was in it, ordered by sequence. `deliver` adds what fails again, and never rejects. */
    async redeliver(deliver: (batch: readonly PendingInvalidation[]) => Promise<unknown>): Promise<void> {
      const batch = [...names.values(), ...links.values()].sort((a, b) => a.sequence - b.sequence)
      redeliversLinks = links.size > 0
      names = createQueue()
      links = createQueue()
      await deliver(batch)
      redeliversLinks = false
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

/** Pending invalidations by name. Of several calls for one name the latest counts, in whatever order they fail. */
function createQueue() {
  const queue = new Map<string, PendingInvalidation>()
  let characters = 0

  return {
    get size() {
      return queue.size
    },
    /** The length of all names. */
    get characters() {
      return characters
    },
    values: () => queue.values(),
    add(id: string, pending: PendingInvalidation): void {
      const known = queue.get(id)
      if (known !== undefined && known.sequence >= pending.sequence) return
      if (known === undefined) characters += id.length
      queue.set(id, pending)
    },
  }
}

type Queue = ReturnType<typeof createQueue>

function clearAllInsteadOf(queue: Queue): PendingInvalidation {
  let sequence = 0
  for (const pending of queue.values()) sequence = Math.max(sequence, pending.sequence)
  return { invalidation: clearAll, sequence }
}

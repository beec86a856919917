import type { Invalidation } from '../contracts/log'
import { averageLength } from './name-limit'
import { isLinkChange } from './tag-graph'

/** An invalidation of this process that the log has not confirmed yet. */
export interface PendingInvalidation {
  readonly invalidation: Invalidation
  /** Its number among all invalidations issued by this process. */
  readonly sequence: number
}

const clearAll: Invalidation = { scope: 'all', mode: 'hard', name: '' }

/**
 * Queues invalidations that could not be appended to the log. Bounded: beyond `capacity` names, or 128 characters for each
 * of them, it keeps one invalidation of everything instead, which costs misses and loses none. That does not cover changes of
 * the tag graph, so these are kept apart: as many links as the graph may have, and removals of links up to the same bounds,
 * because a link too many costs misses only.
 */
export function createOutbox(capacity: number) {
  let names = createQueue()
  let links = createQueue()
  /** The latest change of each edge of the tag graph among the deliveries under way, by its sequence. */
  const latestChanges = new Map<string, number>()
  let changesUnderWay = 0
  /** Whether changes of the tag graph that were queued are being delivered. */
  let redeliversLinks = false

  const isFull = ({ size, characters }: Queue) => size > capacity || characters > capacity * averageLength

  function add(pending: PendingInvalidation): void {
    const { scope, mode, name } = pending.invalidation
    if (!isLinkChange(pending.invalidation)) names.add(`${scope} ${mode} ${name}`, pending)
    else if ((latestChanges.get(name) ?? 0) <= pending.sequence) links.add(name, pending)
  }

  function endChanges(): void {
    changesUnderWay -= 1
    if (changesUnderWay === 0) latestChanges.clear()
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
    /**
     * A delivery begins. Until it ends, earlier changes of the same edges that fail are not queued: they would undo its own.
     * Returns a function to be called at its end.
     */
    startDelivery(batch: readonly PendingInvalidation[]): () => void {
      const changes = batch.filter(({ invalidation }) => isLinkChange(invalidation))
      if (changes.length === 0) return doNothing
      changesUnderWay += 1
      for (const { invalidation, sequence } of changes) latestChanges.set(invalidation.name, sequence)
      return endChanges
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

function doNothing(): void {}

function clearAllInsteadOf(queue: Queue): PendingInvalidation {
  let sequence = 0
  for (const pending of queue.values()) sequence = Math.max(sequence, pending.sequence)
  return { invalidation: clearAll, sequence }
}

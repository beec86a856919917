import type { Invalidation } from '../contracts/log'

/** An invalidation of this process that the log has not confirmed yet. */
export interface PendingInvalidation {
  readonly invalidation: Invalidation
  /** Its number among all invalidations issued by this process. */
  readonly sequence: number
}

const clearAll: Invalidation = { scope: 'all', mode: 'hard', name: '' }

/**
 * Queues invalidations that could not be appended to the log. Bounded: beyond `capacity` names it keeps one invalidation of
 * everything instead, which costs misses and loses none.
 */
export function createOutbox(capacity: number) {
  let queue = new Map<string, PendingInvalidation>()

  /** Of several calls for one name the latest counts, in whatever order they fail. */
  function addLatest(pending: PendingInvalidation): void {
    const { scope, mode, name } = pending.invalidation
    const id = `${scope} ${mode} ${name}`
    const known = queue.get(id)
    if (known === undefined || known.sequence < pending.sequence) queue.set(id, pending)
  }

  return {
    get size() {
      return queue.size
    },
    add(batch: readonly PendingInvalidation[]): void {
      for (const pending of batch) addLatest(pending)
      if (queue.size > capacity) queue = collapseToClearAll(queue)
    },
    /** Removes and returns everything, ordered by sequence. A caller that cannot deliver it must add it again. */
    takeAll(): readonly PendingInvalidation[] {
      const batch = [...queue.values()].sort((a, b) => a.sequence - b.sequence)
      queue = new Map()
      return batch
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

const isLinkChange = ({ scope }: Invalidation) => scope === 'link' || scope === 'unlink'

/** Replaces all but changes of the tag graph, which an invalidation of everything does not cover. */
function collapseToClearAll(
  queue: ReadonlyMap<string, PendingInvalidation>,
): Map<string, PendingInvalidation> {
  let sequence = 0
  for (const pending of queue.values()) sequence = Math.max(sequence, pending.sequence)
  const links = [...queue].filter(([, { invalidation }]) => isLinkChange(invalidation))
  return new Map([['all hard ', { invalidation: clearAll, sequence }], ...links])
}

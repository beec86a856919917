import type { CacheEvents } from '../contracts/events'
import type { Cursor, Invalidation } from '../contracts/log'
import { LarderError } from '../errors'
import { isThenable } from '../maybe-promise'
import { mapInSlices } from '../slices'
import type { Deliver, Delivery } from './delivery'
import { createEdgeOrder } from './edge-order'
import type { Outbox, PendingInvalidation } from './outbox'
import type { StalenessBound } from './staleness-bound'
import type { Sequence } from './stamps'
import type { Synchronizer } from './synchronizer'
import type { TagTable } from './tag-table'
import type { WaitingLinks } from './waiting-links'

/** Effects of the invalidations that this process issues. */
export interface LocalInvalidationsHandlers {
  /** The key was invalidated: local entries older than `position` must go. */
  onKey(key: string, position: number): void
  /** The log has answered, or failed. */
  onInvalidate(invalidations: readonly Invalidation[], outcome: CacheEvents['invalidate']['outcome']): void
}

/** Dependencies of the invalidations issued by this process. */
interface LocalInvalidationsOptions {
  readonly table: TagTable
  readonly bound: StalenessBound
  readonly outbox: Outbox
  readonly waitingLinks: WaitingLinks
  readonly deliver: Deliver
  readonly synchronizer: Synchronizer
  readonly handlers: LocalInvalidationsHandlers
  /** Counts the invalidations that this process puts in force. */
  readonly sequence: Sequence
  /** The log position that is in force in this process, and its term. */
  appliedCursor(): Cursor
}

/**
 * Issues invalidations: they are in force in this process at once, and appended to the log. More than a thousand come into
 * force in slices, between which other work has its turn, all before the log is asked.
 */
export function createLocalInvalidations(options: LocalInvalidationsOptions) {
  const { table, bound, outbox, waitingLinks, deliver, synchronizer, handlers, sequence, appliedCursor } =
    options
  const edgeOrder = createEdgeOrder()

  /** Puts an invalidation in force in this process. */
  function applyPending(invalidation: Invalidation, issued: number): PendingInvalidation {
    table.addPending(invalidation, issued)
    waitingLinks.noteChange(invalidation, issued)
    if (invalidation.scope === 'key' && invalidation.mode === 'hard')
      handlers.onKey(invalidation.name, Number.POSITIVE_INFINITY)
    return { invalidation, sequence: issued }
  }

  /** After a divergence: a sync repairs the log, then delivers the outbox in order. */
  async function deliverAfterRepair(): Promise<Delivery> {
    if ((await synchronizer.syncAfresh()) && outbox.size === 0)
      return { outcome: 'applied', ...appliedCursor() }
    return { outcome: 'queued', cause: new LarderError('STORE_FAILED', 'The log has lost its history.') }
  }

  /** Invalidations rely on the links that were made before them, and follow them if these have to wait for the log. */
  async function deliverAfterLinks(pending: readonly PendingInvalidation[]): ReturnType<Deliver> {
    if (!bound.isBackingOff) await synchronizer.sync()
    if (!outbox.hasLinkChanges) return deliver(pending)
    outbox.add(pending)
    return { outcome: 'queued', cause: new LarderError('STORE_FAILED', 'Changes of links wait for the log.') }
  }

  const deliverPending = (pending: readonly PendingInvalidation[]) =>
    outbox.hasLinkChanges ? deliverAfterLinks(pending) : deliver(pending)

  return {
    /** Resolves when the log has answered or failed. Never rejects. */
    async invalidate(invalidations: readonly Invalidation[]): Promise<Delivery> {
      const issued = sequence.advance()
      // The tag graph is not loaded yet: any local entry may depend on these tags.
      if (!bound.hasProof) table.distrustAll(issued)
      const applied = mapInSlices(invalidations, (item) => applyPending(item, issued))
      const pending = isThenable(applied) ? await applied : applied
      const attempt = await edgeOrder.deliverInOrder(invalidations, () => deliverPending(pending))
      const delivery = attempt.outcome === 'misplaced' ? await deliverAfterRepair() : attempt
      if (attempt.outcome === 'applied' && attempt.isBehind) void synchronizer.sync()
      handlers.onInvalidate(invalidations, delivery.outcome)
      return delivery
    },
  }
}

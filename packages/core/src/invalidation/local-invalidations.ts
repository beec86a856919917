import type { CacheEvents } from '../contracts/events'
import type { Cursor, Invalidation } from '../contracts/log'
import { LarderError } from '../errors'
import { isThenable } from '../maybe-promise'
import { mapSlices } from '../slices'
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
 * force in slices, between which other work has its turn, all before the log is asked. Each slice has a number of its own: a
 * value that is computed between two of them may be made of one that the later slice invalidates.
 */
export function createLocalInvalidations(options: LocalInvalidationsOptions) {
  const { table, bound, waitingLinks, synchronizer, handlers, sequence } = options
  const { deliverInOrder, deliverAfterRepair } = createDeliveryInOrder(options)
  const underWay = createCallCount()

  /** Puts an invalidation in force in this process. */
  function applyPending(invalidation: Invalidation, issued: number): PendingInvalidation {
    table.addPending(invalidation, issued)
    waitingLinks.noteChange(invalidation, issued)
    if (invalidation.scope === 'key' && invalidation.mode === 'hard')
      handlers.onKey(invalidation.name, Number.POSITIVE_INFINITY)
    return { invalidation, sequence: issued }
  }

  /** Puts invalidations in force that no other work of this process may come between. */
  function applySlice(slice: readonly Invalidation[]): readonly PendingInvalidation[] {
    const issued = sequence.advance()
    // The tag graph is not loaded yet: any local entry may depend on these tags.
    if (!bound.hasProof) table.distrustAll(issued)
    return slice.map((invalidation) => applyPending(invalidation, issued))
  }

  return {
    /** Resolves when the log has answered or failed. Never rejects. */
    async invalidate(invalidations: readonly Invalidation[]): Promise<Delivery> {
      underWay.begin()
      try {
        const applied = mapSlices(invalidations, applySlice)
        const pending = isThenable(applied) ? await applied : applied
        const attempt = await deliverInOrder(invalidations, pending)
        const delivery = attempt.outcome === 'misplaced' ? await deliverAfterRepair() : attempt
        if (attempt.outcome === 'applied' && attempt.isBehind) void synchronizer.sync()
        handlers.onInvalidate(invalidations, delivery.outcome)
        return delivery
      } finally {
        underWay.end()
      }
    },
    /** Resolves when the log has answered or failed for all invalidations under way. */
    waitUntilIdle: underWay.waitForNone,
  }
}

/** Appends pending invalidations to the log, behind the changes of links that they rely on. */
function createDeliveryInOrder(options: LocalInvalidationsOptions) {
  const { bound, outbox, deliver, synchronizer, appliedCursor } = options
  const edgeOrder = createEdgeOrder()

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
    deliverAfterRepair,
    deliverInOrder: (invalidations: readonly Invalidation[], pending: readonly PendingInvalidation[]) =>
      edgeOrder.deliverInOrder(invalidations, () => deliverPending(pending)),
  }
}

/** Counts the calls under way, so that closing the cache can wait for them. */
function createCallCount() {
  let count = 0
  let onNone: () => void = () => undefined

  return {
    begin(): void {
      count += 1
    },
    end(): void {
      count -= 1
      if (count === 0) onNone()
    },
    async waitForNone(): Promise<void> {
      if (count === 0) return
      await new Promise<void>((resolve) => {
        onNone = resolve
      })
    },
  }
}

import type { Cursor, Invalidation } from '../contracts/log'
import { LarderError } from '../errors'
import type { Deliver, Delivery } from './delivery'
import type { Outbox } from './outbox'
import type { Sequence } from './sequence'
import type { StalenessBound } from './staleness-bound'
import type { Synchronizer } from './synchronizer'
import type { TagTable } from './tag-table'

/** Dependencies of the invalidations issued by this process. */
interface LocalInvalidationsOptions {
  readonly table: TagTable
  readonly bound: StalenessBound
  readonly outbox: Outbox
  readonly deliver: Deliver
  readonly synchronizer: Synchronizer
  readonly handlers: { onKey(key: string, position: number): void }
  /** Counts the invalidations that this process puts in force. */
  readonly sequence: Sequence
  /** The log position that is in force in this process, and its term. */
  appliedCursor(): Cursor
}

/** Issues invalidations: they are in force in this process at once, and appended to the log. */
export function createLocalInvalidations(options: LocalInvalidationsOptions) {
  const { table, bound, outbox, deliver, synchronizer, handlers, sequence, appliedCursor } = options

  /** Returns the number of the invalidations. */
  function applyPending(invalidations: readonly Invalidation[]): number {
    const issued = sequence.advance()
    // The tag graph is not loaded yet: any local entry may depend on these tags.
    if (!bound.hasProof) table.distrustAll(issued)
    for (const item of invalidations) {
      table.addPending(item, issued)
      if (item.scope === 'key' && item.mode === 'hard') handlers.onKey(item.name, Number.POSITIVE_INFINITY)
    }
    return issued
  }

  /** After a divergence: a sync repairs the log, then delivers the outbox in order. */
  async function deliverAfterRepair(): Promise<Delivery> {
    if ((await synchronizer.syncAfresh()) && outbox.size === 0)
      return { outcome: 'applied', ...appliedCursor() }
    return { outcome: 'queued', cause: new LarderError('STORE_FAILED', 'The log has lost its history.') }
  }

  return {
    /** Resolves when the log has answered or failed. Never rejects. */
    async invalidate(invalidations: readonly Invalidation[]): Promise<Delivery> {
      const issued = applyPending(invalidations)
      const attempt = await deliver(invalidations.map((invalidation) => ({ invalidation, sequence: issued })))
      if (attempt.outcome === 'misplaced') return deliverAfterRepair()
      if (attempt.outcome === 'applied' && attempt.isBehind) void synchronizer.sync()
      return attempt
    },
  }
}

import type { Invalidation } from '../contracts/log'
import { LarderError } from '../errors'
import type { Deliver, Delivery } from './delivery'
import type { Outbox } from './outbox'
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
  /** The log position that is in force in this process. */
  appliedPosition(): number
}

/** Issues invalidations: they are in force in this process at once, and appended to the log. */
export function createLocalInvalidations(options: LocalInvalidationsOptions) {
  const { table, bound, outbox, deliver, synchronizer, handlers, appliedPosition } = options
  let sequence = 0

  function applyPending(invalidations: readonly Invalidation[]): void {
    sequence += 1
    // The tag graph is not loaded yet: any local entry may depend on these tags.
    if (!bound.hasProof) table.distrustAll(sequence)
    for (const item of invalidations) {
      table.addPending(item, sequence)
      if (item.scope === 'key' && item.mode === 'hard') handlers.onKey(item.name, Number.POSITIVE_INFINITY)
    }
  }

  /** After a divergence: a sync repairs the log, then delivers the outbox in order. */
  async function deliverAfterRepair(): Promise<Delivery> {
    if ((await synchronizer.syncAfresh()) && outbox.size === 0)
      return { outcome: 'applied', position: appliedPosition() }
    return { outcome: 'queued', cause: new LarderError('STORE_FAILED', 'The log has lost its history.') }
  }

  return {
    /** The number of invalidations issued so far. */
    get sequence() {
      return sequence
    },

    /** Resolves when the log has answered or failed. Never rejects. */
    async invalidate(invalidations: readonly Invalidation[]): Promise<Delivery> {
      applyPending(invalidations)
      const issued = sequence
      const attempt = await deliver(invalidations.map((invalidation) => ({ invalidation, sequence: issued })))
      if (attempt.outcome === 'misplaced') return deliverAfterRepair()
      if (attempt.outcome === 'applied' && attempt.isBehind) void synchronizer.sync()
      return attempt
    },
  }
}

import type { Clock } from '../contracts/clock'
import type { InvalidationLog } from '../contracts/log'
import { momentOf } from '../entry/moment'
import { yieldToEventLoop } from '../real-scheduling'
import type { FollowerPosition } from './follower-position'
import type { ForeignRecords } from './foreign-records'
import type { LogReader } from './log-reader'
import type { Outbox, PendingInvalidation } from './outbox'
import type { TagTable } from './tag-table'
import type { WaitingLinks } from './waiting-links'

/** The result of an invalidation. A `queued` one is in force in this process, and reaches the others with the log. */
export type Delivery =
  | { readonly outcome: 'applied'; readonly position: number; readonly term: number }
  | { readonly outcome: 'queued'; readonly cause: unknown }

/**
 * `isBehind`: the log has records that are not applied here yet. `misplaced`: appended to a log that has lost its history,
 * or to another history than the one that is followed here, possibly before the entries it has to invalidate.
 */
type DeliveryAttempt =
  | {
      readonly outcome: 'applied'
      readonly position: number
      readonly term: number
      readonly isBehind: boolean
    }
  | { readonly outcome: 'queued'; readonly cause: unknown }
  | { readonly outcome: 'misplaced' }

/** Dependencies of the delivery of invalidations. */
interface DeliveryOptions {
  readonly log: InvalidationLog
  readonly clock: Clock
  readonly table: TagTable
  readonly outbox: Outbox
  readonly waitingLinks: WaitingLinks
  readonly reader: LogReader
  readonly place: FollowerPosition
  readonly foreignRecords: ForeignRecords
}

/** Maximum names per call of the log: each call has a timeout of its own. */
const maxBatchSize = 1_000

/**
 * Returns a function that appends pending invalidations to the log, in batches. It never rejects: from the first batch that
 * fails they are queued, and the batches before it are not repeated.
 */
export function createDelivery(options: DeliveryOptions) {
  const { log, clock, table, outbox, waitingLinks, reader, place, foreignRecords } = options

  function confirm({ invalidation, sequence }: PendingInvalidation): void {
    table.confirmPending(invalidation, sequence)
    const removal = waitingLinks.confirm(invalidation, sequence)
    if (removal !== undefined) reader.applyRecord(removal)
  }

  async function deliverBatch(batch: readonly PendingInvalidation[]): Promise<DeliveryAttempt> {
    const { cursor } = place
    const askedAt = momentOf(clock)
    const records = batch.map(({ invalidation }) => invalidation)
    try {
      const appended = await foreignRecords.trackAppend(log.append(records, cursor))
      const isOnHistory = (cursor === undefined || appended.known) && place.isOnHistoryOf(appended)
      if (!isOnHistory) return { outcome: 'misplaced' }
      const { position, cursor: reached } = appended
      for (const record of records) reader.applyRecord({ ...record, position })
      reader.absorbPage(appended, cursor, askedAt)
      batch.forEach(confirm)
      const isBehind = cursor === undefined || appended.more
      return { outcome: 'applied', position, term: reached.term, isBehind }
    } catch (cause) {
      return { outcome: 'queued', cause }
    }
  }

  return async (pending: readonly PendingInvalidation[]): Promise<DeliveryAttempt> => {
    for (let start = 0; ; start += maxBatchSize) {
      const end = start + maxBatchSize
      const attempt = await deliverBatch(pending.slice(start, end))
      if (attempt.outcome !== 'applied') outbox.add(pending.slice(start))
      if (attempt.outcome !== 'applied' || end >= pending.length) return attempt
      await yieldToEventLoop()
    }
  }
}

export type Deliver = ReturnType<typeof createDelivery>

import type { Appended, Cursor, InvalidationLog, LogPage, LogRecord } from '../contracts/log'
import { LarderError } from '../errors'
import type { Outbox, Parcel } from './outbox'
import type { TagTable } from './tag-table'

/** What became of an invalidation: `queued` ones apply here at once and reach the others when the log is back. */
export type Delivery =
  | { readonly outcome: 'applied'; readonly position: number }
  | { readonly outcome: 'queued'; readonly cause: unknown }

/** `misplaced`: on a log that has lost its history, and maybe before what it is to end. */
type Attempt = Delivery | { readonly outcome: 'misplaced' }

/** What delivering needs from the follower around it. */
export interface DeliveryOptions {
  readonly log: InvalidationLog
  readonly table: TagTable
  readonly outbox: Outbox
  apply(record: LogRecord): void
  absorb(page: LogPage, asked: Cursor | undefined): void
  sync(): Promise<boolean>
  syncAfresh(): Promise<boolean>
  cursor(): Cursor | undefined
  position(): number
}

/** Brings own invalidations to the log. Until it has confirmed one, that one pends here, and is in force. */
export function createDelivery(options: DeliveryOptions) {
  const { log, table, outbox, apply, absorb, sync, syncAfresh } = options

  async function attempt(parcel: Parcel): Promise<Attempt> {
    const asked = options.cursor()
    try {
      const appended = await log.append(
        parcel.map(({ invalidation }) => invalidation),
        asked,
      )
      if (asked !== undefined && !appended.known) {
        outbox.add(parcel)
        return { outcome: 'misplaced' }
      }
      accept(parcel, appended, asked)
      return { outcome: 'applied', position: appended.position }
    } catch (cause) {
      outbox.add(parcel)
      return { outcome: 'queued', cause }
    }
  }

  function accept(parcel: Parcel, appended: Appended, asked: Cursor | undefined): void {
    for (const { invalidation } of parcel) apply({ ...invalidation, position: appended.position })
    if (!log.immediate && asked === undefined) {
      // The records before ours are not known yet: leave the cursor to a sync.
      void sync()
    } else {
      absorb(appended, asked)
      if (appended.more) void sync()
    }
    for (const { invalidation, sequence } of parcel) table.confirmPending(invalidation, sequence)
  }

  /** A sync repairs the log, and brings what waits in the outbox in its order after it. */
  async function afterRepair(): Promise<Delivery> {
    if ((await syncAfresh()) && outbox.size === 0) return { outcome: 'applied', position: options.position() }
    return { outcome: 'queued', cause: new LarderError('STORE_FAILED', 'The log has lost its history.') }
  }

  return {
    /** Leaves in the outbox what could not be delivered. Never rejects. */
    attempt,
    /** Resolves when the log has answered, or has failed to. */
    async deliver(parcel: Parcel): Promise<Delivery> {
      const attempted = await attempt(parcel)
      return attempted.outcome === 'misplaced' ? afterRepair() : attempted
    },
  }
}

import type { LogRecord } from '@larder/core'
import type { ServerLogHead } from './log-head'
import { recordsBefore } from './log-pages'
import { type LogState, recordName } from './log-state'

/** Bounds on the records of keys. */
interface OverdueRecordsOptions {
  /** The most records of each kind; above half of it, the oldest records of keys become overdue. */
  readonly maxRecords: number
  /** The age at which records of keys become overdue, in ms. */
  readonly keyRetention: number
}

/** Overdue records are handed to one follower at a time, for this long, in µs. */
const handOutInterval = 2_000_000
/** The most overdue records handed out at once. */
const maxHandedOut = 256

/** The records of keys that are due for removal: handed to a follower, which deletes their entries, and forgotten then. */
export function createOverdueRecords(
  { nowMicros, saveHead, readHead }: ServerLogHead,
  { maxRecords, keyRetention }: OverdueRecordsOptions,
) {
  return {
    /** Records of keys that are too old or too many. Empty while another follower takes care of them. */
    handOutOverdue(log: LogState): readonly LogRecord[] {
      const head = readHead(log)
      if (Math.abs(nowMicros() - head.handedOutAt) < handOutInterval) return []
      const surplus = log.keys.size - maxRecords / 2
      const oldest = [...log.keys.values()].sort((a, b) => a.position - b.position)
      const isOverdue = ({ position }: LogRecord, index: number) =>
        index < surplus || position <= nowMicros() - keyRetention * 1_000
      const firstKept = oldest.findIndex(
        (record, index) => index >= maxHandedOut || !isOverdue(record, index),
      )
      const overdue = recordsBefore(oldest, firstKept === -1 ? undefined : oldest[firstKept])
      if (overdue.length > 0) log.head = { ...head, handedOutAt: nowMicros() }
      return overdue
    },

    /** Removes these records unless newer ones replaced them, and raises `keysFloor` to the last of them. */
    forgetKeys(log: LogState, records: readonly LogRecord[]): void {
      const head = readHead(log)
      for (const record of records)
        if (log.keys.get(recordName(record))?.position === record.position)
          log.keys.delete(recordName(record))
      const last = Math.max(0, ...records.map(({ position }) => position))
      const keysFloor = Math.max(head.keysFloor, Math.min(last, head.position))
      saveHead(log, { ...head, keysFloor, handedOutAt: 0 })
    },
  }
}

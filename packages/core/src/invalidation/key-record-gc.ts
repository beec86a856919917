import type { InvalidationLog, LogRecord } from '../contracts/log'

/** Dependencies of the garbage collection of key records. */
interface KeyRecordGcOptions {
  readonly log: InvalidationLog
  /** Deletes the entries that a key record invalidates from every tier; resolves to whether that is certain. */
  deleteEntries(record: LogRecord): Promise<boolean>
}

/**
 * Lets the log remove key records, after the entries they invalidate are gone. The delete that made a record has usually
 * removed them; if it could not, an entry that outlived its record would become valid again.
 */
export function createKeyRecordGc({ log, deleteEntries }: KeyRecordGcOptions) {
  let isRunning = false

  /** Collects records that are due for removal. Never rejects: the log hands failed ones out again. */
  return async (overdue: readonly LogRecord[]): Promise<void> => {
    if (isRunning) return
    isRunning = true
    try {
      const deleted = await Promise.all(overdue.map(deleteEntries))
      if (deleted.every(Boolean)) await log.forgetKeys(overdue)
    } catch {
      // The store policy has reported the error, and the log keeps the records.
    } finally {
      isRunning = false
    }
  }
}

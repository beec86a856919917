import type { InvalidationLog, LogRecord } from '../contracts/log'

/** What retiring records needs. */
export interface KeyRecordGcOptions {
  readonly log: InvalidationLog
  /** Removes a key's entries older than its record, everywhere; says whether that is certain. */
  remove(record: LogRecord): Promise<boolean>
}

/**
 * Lets the log forget records of single keys, but only once the entries they end are gone. The delete that made a record
 * has usually removed them; where it could not, an entry must not outlive the record, or it would be valid again.
 */
export function createKeyRecordGc({ log, remove }: KeyRecordGcOptions) {
  let isBusy = false

  async function retire(records: readonly LogRecord[]): Promise<void> {
    const removed = await Promise.all(records.map(remove))
    if (removed.every(Boolean)) await log.forgetKeys(records)
  }

  /** Takes what the log would like to forget. Never rejects; what fails is handed out again. */
  return async (overdue: readonly LogRecord[]): Promise<void> => {
    if (isBusy) return
    isBusy = true
    try {
      await retire(overdue)
    } catch {
      // The policy has reported it, and the log keeps the records.
    } finally {
      isBusy = false
    }
  }
}

import type { Cursor, InvalidationLog, LogMessage, LogPage, LogRecord } from '../contracts/log'
import { createKeyRecordGc } from './key-record-gc'
import { localLogStart } from './local-log'
import type { LogClock } from './log-clock'
import { reissueTo } from './reissue'
import { applyLinkRecord, type TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'

/** Effects of log records outside the tag table. */
export interface LogReaderHandlers {
  /** The key was invalidated at this position: local entries older than it must go. */
  onKey(key: string, position: number): void
  /** Key records were missed: local entries cannot be trusted. */
  onGap(): void
  /** The log had lost records, which were appended again. */
  onDiverged(event: { reissued: number }): void
  /** Deletes the entries that a key record invalidates from every tier; resolves to whether that is certain. */
  deleteEntries(record: LogRecord): Promise<boolean>
}

/** Dependencies of a log reader. */
interface LogReaderOptions {
  readonly log: InvalidationLog
  readonly logClock: LogClock
  readonly table: TagTable
  readonly graph: TagGraph
  /** How long after a failover every live process has certainly synced with the new server, in ms. */
  readonly settleTime: number
  readonly handlers: LogReaderHandlers
}

/** Applies the records of a log in order, by page or by push, and reissues records that the log has lost. */
export function createLogReader({ log, logClock, table, graph, settleTime, handlers }: LogReaderOptions) {
  const collectKeyRecords = createKeyRecordGc({
    log,
    deleteEntries: (record) => handlers.deleteEntries(record),
  })
  let cursor: Cursor | undefined = log.immediate ? localLogStart : undefined
  /** Whether the followers have had the time to reissue records that the log may lack. */
  let isSettled = true

  function applyRecord(record: LogRecord): void {
    if (applyLinkRecord(graph, record)) return
    table.applyRecord(record)
    if (record.scope === 'key' && record.mode === 'hard') handlers.onKey(record.name, record.position)
  }

  /** Applies a page that was requested with the cursor `since`. The position never decreases. */
  function absorbPage(page: LogPage, since: Cursor | undefined): void {
    logClock.adjust(page.now)
    if (since !== undefined && page.keysFloor > since.position) handlers.onGap()
    for (const record of page.records) applyRecord(record)
    table.raiseFloor(page.floor)
    table.raiseKeysFloor(page.keysFloor)
    if (cursor === undefined || page.cursor.position > cursor.position) cursor = page.cursor
  }

  /** The log lacks the record at our cursor: it lost a suffix in a failover. Reissues it, and reads from the beginning. */
  async function repairLog(lost: Cursor): Promise<void> {
    const reissued = await reissueTo(log, lost, table, graph)
    handlers.onDiverged({ reissued })
    handlers.onGap()
    cursor = undefined
    await readPages()
  }

  async function readPages(): Promise<void> {
    for (;;) {
      const since = cursor
      const page = await log.sync(since)
      if (since !== undefined && !page.known) return repairLog(since)
      absorbPage(page, since)
      isSettled = page.tookOverAt === 0 || page.now - page.tookOverAt >= settleTime
      if (page.overdue.length > 0) void collectKeyRecords(page.overdue)
      if (!page.more) return
    }
  }

  return {
    get cursor() {
      return cursor
    },
    get isSettled() {
      return isSettled
    },
    applyRecord,
    absorbPage,
    /** Reads pages until the last one. Rejects if the log cannot be reached. */
    readPages,
    /** Applies pushed records. Returns `false` if records before them were missed, so that a sync is needed. */
    acceptPush({ previous, cursor: next, records }: LogMessage): boolean {
      for (const record of records) applyRecord(record)
      if (cursor === undefined || next.position <= cursor.position) return true
      if (previous.position !== cursor.position || previous.nonce !== cursor.nonce) return false
      cursor = next
      return true
    },
  }
}

export type LogReader = ReturnType<typeof createLogReader>

import type { Clock } from '../contracts/clock'
import type { Cursor, InvalidationLog, LogPage, LogRecord } from '../contracts/log'
import { momentOf } from '../entry/moment'
import type { FollowerPosition } from './follower-position'
import type { ForeignRecords } from './foreign-records'
import { createKeyRecordGc } from './key-record-gc'
import { brokenLog, createLogApplier, type LogApplierHandlers } from './log-applier'
import type { LogClock } from './log-clock'
import type { LogRepair } from './repair'
import type { Sequence } from './stamps'
import type { TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'
import type { WaitingLinks } from './waiting-links'

/** Effects of the log outside the tag table. */
export interface LogReaderHandlers extends LogApplierHandlers {
  /** The log had lost records, which were appended again. */
  onDiverged(event: { reissued: number }): void
  /** Deletes the entries that a key record invalidates from every tier; resolves to whether that is certain. */
  deleteEntries(record: LogRecord): Promise<boolean>
}

/** Dependencies of a log reader. */
interface LogReaderOptions {
  readonly log: InvalidationLog
  readonly clock: Clock
  readonly logClock: LogClock
  readonly table: TagTable
  readonly graph: TagGraph
  readonly waitingLinks: WaitingLinks
  readonly place: FollowerPosition
  readonly repair: LogRepair
  readonly foreignRecords: ForeignRecords
  /** Counts the invalidations that this process puts in force. */
  readonly sequence: Sequence
  /** How long after a failover every live process has certainly synced with the new server, in ms. */
  readonly settleTime: number
  readonly handlers: LogReaderHandlers
}

/** Pages that may belong to another history than the last one, in one sync, before it fails. */
const maxHistoryChanges = 3

/** Reads a log in pages to its end, and reads on after the log has lost records. */
export function createLogReader(options: LogReaderOptions) {
  const { log, clock, table, place, repair, sequence, settleTime, handlers } = options
  const applier = createLogApplier(options)
  const collectKeyRecords = createKeyRecordGc({
    log,
    deleteEntries: (record) => handlers.deleteEntries(record),
  })
  /** Whether the followers have had the time to reissue records that the log may lack. */
  let isSettled = true

  /** The log does not know the cursor: it has lost records. Reads on from where the histories were the same. */
  function partFrom(page: LogPage, cursor: Cursor): void {
    handlers.onGap()
    const common = repair.partFrom(place.describe(cursor), page, sequence.advance())
    place.restartAt(common, page)
    table.followTerms(place.terms)
    if (common === undefined) table.startOver()
  }

  async function readPages(): Promise<void> {
    for (let changes = 0; changes <= maxHistoryChanges; ) {
      const since = place.cursor
      const askedAt = momentOf(clock)
      const page = await log.sync(since)
      const isKnown = since === undefined || page.known
      if (!isKnown || !place.isOnHistoryOf(page)) {
        changes += 1
        // The cursor may have moved to another history meanwhile: then only another page tells.
        if (!isKnown && place.cursor?.term === since.term) partFrom(page, place.cursor)
        continue
      }
      applier.absorbPage(page, since, askedAt)
      isSettled = page.tookOverAt === 0 || page.now - page.tookOverAt >= settleTime
      if (page.overdue.length > 0) void collectKeyRecords(page.overdue)
      if (!page.more) return
    }
    throw brokenLog('its history changes all the time')
  }

  return {
    ...applier,

    get isSettled() {
      return isSettled
    },

    /** Reads to the end of the log, and reissues what it has lost. Rejects if the log cannot be reached. */
    async readToEnd(): Promise<void> {
      await readPages()
      while (repair.isPending) {
        await repair.reissueLoss(place.cursor?.term ?? 0)
        await readPages()
      }
    },
  }
}

export type LogReader = ReturnType<typeof createLogReader>

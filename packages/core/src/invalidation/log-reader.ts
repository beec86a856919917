import type { Clock } from '../contracts/clock'
import {
  type Cursor,
  type InvalidationLog,
  type LogMessage,
  type LogPage,
  type LogRecord,
  maxPositionLead,
} from '../contracts/log'
import { type Moment, momentOf } from '../entry/moment'
import { LarderError } from '../errors'
import type { FollowerPosition } from './follower-position'
import { createKeyRecordGc } from './key-record-gc'
import type { LogClock } from './log-clock'
import type { LogRepair } from './repair'
import type { Sequence } from './sequence'
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
  /** The processes that began this log have this `tagSeparator`. */
  onTagSeparator(recorded: string): void
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
  readonly place: FollowerPosition
  readonly repair: LogRepair
  /** Counts the invalidations that this process puts in force. */
  readonly sequence: Sequence
  /** How long after a failover every live process has certainly synced with the new server, in ms. */
  readonly settleTime: number
  readonly handlers: LogReaderHandlers
}

/** Pages that may belong to another history than the last one, in one sync, before it fails. */
const maxHistoryChanges = 3

/** Applies the records of a log in order, by page or by push, and reads on after the log has lost records. */
export function createLogReader(options: LogReaderOptions) {
  const { log, clock, logClock, table, graph, place, repair, sequence, settleTime, handlers } = options
  const collectKeyRecords = createKeyRecordGc({
    log,
    deleteEntries: (record) => handlers.deleteEntries(record),
  })
  /** Whether the followers have had the time to reissue records that the log may lack. */
  let isSettled = true

  const isTooFar = (position: number) => position > logClock.now() * 1_000 + maxPositionLead

  function applyRecord(record: LogRecord): void {
    place.noteApplied(record.position)
    if (applyLinkRecord(graph, record)) {
      if (record.scope === 'link') repair.noteLink(record.name)
      return
    }
    table.applyRecord(record)
    if (record.scope === 'key' && record.mode === 'hard') handlers.onKey(record.name, record.position)
  }

  /**
   * Applies a page of the history that is followed, requested with the cursor `since` at `askedAt`. The position never
   * decreases.
   * @throws LarderError `STORE_FAILED` for a position that no log assigns.
   */
  function absorbPage(page: LogPage, since: Cursor | undefined, askedAt: Moment): void {
    logClock.adjust(page.now, askedAt)
    if (!log.immediate && isTooFar(page.position)) throw brokenLog('it assigns positions of another day')
    if (since !== undefined && page.keysFloor > since.position) handlers.onGap()
    for (const record of page.records) applyRecord(record)
    table.raiseFloor(page.floor)
    table.raiseKeysFloor(page.keysFloor)
    if (place.moveTo(page)) table.followTerms(place.terms)
    const recorded = page.history?.tagSeparator
    if (recorded !== undefined) handlers.onTagSeparator(recorded)
  }

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
      absorbPage(page, since, askedAt)
      isSettled = page.tookOverAt === 0 || page.now - page.tookOverAt >= settleTime
      if (page.overdue.length > 0) void collectKeyRecords(page.overdue)
      if (!page.more) return
    }
    throw brokenLog('its history changes all the time')
  }

  return {
    get isSettled() {
      return isSettled
    },
    applyRecord,
    absorbPage,

    /** Reads to the end of the log, and reissues what it has lost. Rejects if the log cannot be reached. */
    async readToEnd(): Promise<void> {
      await readPages()
      while (repair.isPending) {
        await repair.reissueLoss(place.cursor?.term ?? 0)
        await readPages()
      }
    },

    /**
     * Applies pushed records if they follow directly on the cursor. Returns `gap` if a sync is needed, because records were
     * missed or another server or log pushes, and `known` if there is nothing to do.
     */
    acceptPush({ log: id, previous, cursor: next, records }: LogMessage): 'applied' | 'known' | 'gap' {
      const { cursor } = place
      if (cursor === undefined) return 'gap'
      if (id !== place.log) return place.isFirstPushOf(id) ? 'gap' : 'known'
      if (next.term === cursor.term && next.position <= cursor.position) return 'known'
      const isNext = previous.term === cursor.term && previous.position === cursor.position
      if (!isNext || next.term !== cursor.term || isTooFar(next.position)) return 'gap'
      for (const record of records) applyRecord(record)
      place.advanceTo(next)
      return 'applied'
    },
  }
}

export type LogReader = ReturnType<typeof createLogReader>

function brokenLog(reason: string): LarderError {
  return new LarderError('STORE_FAILED', `The invalidation log cannot be followed: ${reason}.`)
}

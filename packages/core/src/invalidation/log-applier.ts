import {
  type Cursor,
  type InvalidationLog,
  type LogMessage,
  type LogPage,
  type LogRecord,
  maxPositionLead,
} from '../contracts/log'
import type { Moment } from '../entry/moment'
import { LarderError } from '../errors'
import type { FollowerPosition } from './follower-position'
import type { ForeignRecords } from './foreign-records'
import type { LogClock } from './log-clock'
import type { LogRepair } from './repair'
import { applyLinkRecord, type TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'
import type { WaitingLinks } from './waiting-links'

/** Effects of applied records outside the tag table. */
export interface LogApplierHandlers {
  /** The key was hard-invalidated at this position, or its soft invalidation is forgotten: local entries older than it must go. */
  onKey(key: string, position: number): void
  /** Key records were missed: local entries cannot be trusted. */
  onGap(): void
  /** The processes that began this log have this `tagSeparator`. */
  onTagSeparator(recorded: string): void
}

/** Dependencies of {@link createLogApplier}. */
interface LogApplierOptions {
  readonly log: InvalidationLog
  readonly logClock: LogClock
  readonly table: TagTable
  readonly graph: TagGraph
  readonly waitingLinks: WaitingLinks
  readonly place: FollowerPosition
  readonly repair: LogRepair
  readonly foreignRecords: ForeignRecords
  readonly handlers: LogApplierHandlers
}

/** Applies the records of a log in order, by page or by push. */
export function createLogApplier({
  log,
  logClock,
  table,
  graph,
  waitingLinks,
  place,
  repair,
  foreignRecords,
  handlers,
}: LogApplierOptions) {
  const isTooFar = (position: number) => position > logClock.now() * 1_000 + maxPositionLead

  function applyRecord(record: LogRecord): void {
    place.noteApplied(record.position)
    if (waitingLinks.putOff(record)) return
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
    foreignRecords.note(page.records, page.position)
    for (const record of page.records) applyRecord(record)
    table.raiseFloor(page.floor)
    for (const [key, position] of table.raiseKeysFloor(page.keysFloor)) handlers.onKey(key, position)
    if (place.moveTo(page)) table.followTerms(place.terms)
    const recorded = page.history?.tagSeparator
    if (recorded !== undefined) handlers.onTagSeparator(recorded)
  }

  return {
    applyRecord,
    absorbPage,

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
      foreignRecords.note(records, next.position)
      for (const record of records) applyRecord(record)
      place.advanceTo(next)
      return 'applied'
    },
  }
}

/** The log breaks its contract, so that no record of it can be relied on. */
export function brokenLog(reason: string): LarderError {
  return new LarderError('STORE_FAILED', `The invalidation log cannot be followed: ${reason}.`)
}

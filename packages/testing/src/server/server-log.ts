import {
  type Cursor,
  type Invalidation,
  type LogMessage,
  type LogPage,
  type LogRecord,
  maxPositionLead,
  maxTerms,
  type Reissue,
  type Reissued,
} from '@larder/core'
import { mergeRecords } from './log-families'
import { createLogHead, type ServerFacts } from './log-head'
import { createLogPages } from './log-pages'
import { type LogHead, type LogState, presentTerm, putRecord } from './log-state'
import { createOverdueRecords } from './overdue-records'

/** Bounds of a log, and the functions of its server that it depends on. */
export interface LogSettings extends ServerFacts {
  /** The most records of each kind; above half of it, the oldest records of keys become overdue. */
  readonly maxRecords: number
  /** The age at which records of keys become overdue, in ms. */
  readonly keyRetention: number
  /** Records per page. A page is larger only if a single position has more records. */
  readonly pageSize: number
  /** Called for every append, to push it to followers. */
  onAppend(message: LogMessage): void
}

/** The invalidation log as the authority keeps it, after the design of Larder's log on Redis. */
export function createServerLog(state: () => LogState, settings: LogSettings) {
  const { maxRecords, onAppend } = settings
  const head = createLogHead(settings)
  const { nowMicros, saveHead, readHead } = head
  const { isKnown, readPage } = createLogPages({ ...settings, readHead })
  const { handOutOverdue, forgetKeys } = createOverdueRecords(head, settings)
  let recordsTouched = 0

  /** Appends all under one new position above `above`. */
  function writeRecords(log: LogState, invalidations: readonly Invalidation[], above: number): LogMessage {
    const previous = readHead(log)
    const term = presentTerm(previous.terms)
    const position = Math.max(previous.position + 1, nowMicros(), above + 1)
    const records = invalidations.map((invalidation) => ({ ...invalidation, position }))
    recordsTouched += records.length
    for (const record of records) putRecord(log, record)
    mergeRecords(log.tags, maxRecords)
    const isCleared = records.some(({ scope, mode }) => scope === 'all' && mode === 'hard')
    const dropped = Math.max(trimPart(log.tags, maxRecords), trimPart(log.keys, maxRecords))
    saveHead(log, { ...previous, position, floor: Math.max(isCleared ? position : previous.floor, dropped) })
    const cursor = { position, term }
    return { log: previous.log, previous: { position: previous.position, term }, cursor, records }
  }

  return {
    /** Records that were read and written: the work of the server's scripts. */
    get recordsTouched() {
      return recordsTouched
    },

    sync(after: Cursor | undefined): LogPage {
      const log = state()
      const known = isKnown(log, after)
      const page = readPage(log, after, known)
      recordsTouched += page.records.length
      return { ...page, overdue: known ? handOutOverdue(log) : [] }
    },

    append(invalidations: readonly Invalidation[], after: Cursor | undefined): LogPage {
      const log = state()
      const known = isKnown(log, after)
      const message = writeRecords(log, invalidations, 0)
      const page = readPage(log, after, known)
      recordsTouched += page.records.length
      onAppend(message)
      return page
    },

    reissue(invalidations: readonly Invalidation[], target: Reissue): Reissued {
      const log = state()
      const { terms, reissued } = readHead(log)
      if (presentTerm(terms) !== target.term) return { accepted: false, reissued }
      const isTooFar = target.above > nowMicros() + maxPositionLead
      const message = writeRecords(log, invalidations, isTooFar ? 0 : target.above)
      log.head = noteReissue(readHead(log), target, settings.now())
      onAppend(message)
      return { accepted: true, reissued: log.head.reissued }
    },

    forgetKeys: (records: readonly LogRecord[]) => forgetKeys(state(), records),
  }
}

/** Drops the oldest records above `maxRecords`. Returns the highest position dropped, 0 if none was. */
function trimPart(part: Map<string, LogRecord>, maxRecords: number): number {
  const surplus = part.size - maxRecords
  if (surplus <= 0) return 0
  const oldest = [...part].sort(([, a], [, b]) => a.position - b.position).slice(0, surplus)
  for (const [name] of oldest) part.delete(name)
  return oldest.at(-1)?.[1].position ?? 0
}

/** Until the last chunk of a reissue, nothing that the log lacks may be taken for complete. */
function noteReissue(head: LogHead, { completes }: Reissue, now: number): LogHead {
  if (completes.length === 0) return { ...head, tookOverAt: now }
  return { ...head, reissued: [...head.reissued, ...completes].slice(-maxTerms) }
}

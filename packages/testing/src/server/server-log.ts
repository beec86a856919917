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
import { type LogHead, type LogState, listRecords, putRecord, recordName } from './log-state'

/** Bounds of a log, and the functions of its server that it depends on. */
export interface LogSettings extends ServerFacts {
  /** The most records of each kind; above half of it, the oldest records of keys become overdue. */
  readonly maxRecords: number
  /** The age at which records of keys become overdue, in ms. */
  readonly keyRetention: number
  /** Records per page. A page is larger only if a single position has more records. */
  readonly pageSize: number
}

/** Overdue records are handed to one follower at a time, for this long, in µs. */
const handOutInterval = 2_000_000
/** The most overdue records handed out at once. */
const maxHandedOut = 256

/** The invalidation log as the authority keeps it, after the design of Larder's log on Redis. */
export function createServerLog(state: () => LogState, settings: LogSettings) {
  const { maxRecords, keyRetention, pageSize } = settings
  const { nowMicros, saveHead, readHead } = createLogHead(settings)
  let recordsTouched = 0

  function isKnown(after: Cursor | undefined): boolean {
    if (after === undefined) return true
    const { terms, position } = readHead(state())
    const index = terms.findIndex(({ id }) => id === after.term)
    return index >= 0 && after.position <= (terms[index + 1]?.from ?? position)
  }

  function readPage(after: Cursor | undefined, known: boolean): LogPage {
    const { log, position, floor, keysFloor, tookOverAt, terms, reissued } = readHead(state())
    const term = presentTerm(terms)
    const start = after?.position ?? -1
    const newer = known ? listRecords(state()).filter((record) => record.position > start) : []
    const records = firstPage(newer, pageSize)
    recordsTouched += records.length
    const more = records.length < newer.length
    return {
      log,
      cursor: { position: more ? (records.at(-1)?.position ?? 0) : position, term },
      position,
      records,
      floor,
      keysFloor,
      known,
      more,
      now: settings.now(),
      tookOverAt,
      history: after?.term === term ? undefined : { terms, reissued },
      overdue: [],
    }
  }

  function writeRecords(invalidations: readonly Invalidation[], above: number): LogMessage {
    const log = state()
    const previous = readHead(log)
    const term = presentTerm(previous.terms)
    const position = Math.max(previous.position + 1, nowMicros(), above + 1)
    const records = invalidations.map((invalidation) => ({ ...invalidation, position }))
    recordsTouched += records.length
    for (const record of records) putRecord(log, record)
    mergeRecords(log.tags, maxRecords)
    const isCleared = records.some(({ scope, mode }) => scope === 'all' && mode === 'hard')
    const floor = Math.max(isCleared ? position : previous.floor, trimPart(log.tags), trimPart(log.keys))
    saveHead(log, { ...previous, position, floor })
    const cursor = { position, term }
    return { log: previous.log, previous: { position: previous.position, term }, cursor, records }
  }

  /** Drops the oldest records above `maxRecords`. Returns the highest position dropped, 0 if none was. */
  function trimPart(part: Map<string, LogRecord>): number {
    const surplus = part.size - maxRecords
    if (surplus <= 0) return 0
    const oldest = [...part].sort(([, a], [, b]) => a.position - b.position).slice(0, surplus)
    for (const [name] of oldest) part.delete(name)
    return oldest.at(-1)?.[1].position ?? 0
  }

  /** Records of keys that are too old or too many. Empty while another follower takes care of them. */
  function handOutOverdue(): readonly LogRecord[] {
    const log = state()
    const head = readHead(log)
    if (Math.abs(nowMicros() - head.handedOutAt) < handOutInterval) return []
    const surplus = log.keys.size - maxRecords / 2
    const oldest = [...log.keys.values()].sort((a, b) => a.position - b.position)
    const isOverdue = ({ position }: LogRecord, index: number) =>
      index < surplus || position <= nowMicros() - keyRetention * 1_000
    const firstKept = oldest.findIndex((record, index) => index >= maxHandedOut || !isOverdue(record, index))
    const overdue = recordsBefore(oldest, firstKept === -1 ? undefined : oldest[firstKept])
    if (overdue.length > 0) log.head = { ...head, handedOutAt: nowMicros() }
    return overdue
  }

  function forgetKeys(records: readonly LogRecord[]): void {
    const log = state()
    const head = readHead(log)
    for (const record of records)
      if (log.keys.get(recordName(record))?.position === record.position) log.keys.delete(recordName(record))
    const last = Math.max(0, ...records.map(({ position }) => position))
    const keysFloor = Math.max(head.keysFloor, Math.min(last, head.position))
    saveHead(log, { ...head, keysFloor, handedOutAt: 0 })
  }

  /** Until the last chunk of a reissue, nothing that the log lacks may be taken for complete. */
  function noteReissue(head: LogHead, { completes }: Reissue): LogHead {
    if (completes.length === 0) return { ...head, tookOverAt: settings.now() }
    return { ...head, reissued: [...head.reissued, ...completes].slice(-maxTerms) }
  }

  return {
    get recordsTouched() {
      return recordsTouched
    },
    sync(after: Cursor | undefined): LogPage {
      const known = isKnown(after)
      return { ...readPage(after, known), overdue: known ? handOutOverdue() : [] }
    },
    forgetKeys,
    append(invalidations: readonly Invalidation[], after: Cursor | undefined): [LogPage, LogMessage] {
      const known = isKnown(after)
      const message = writeRecords(invalidations, 0)
      return [readPage(after, known), message]
    },
    reissue(
      invalidations: readonly Invalidation[],
      target: Reissue,
    ): [answer: Reissued, message: LogMessage | undefined] {
      const { terms, reissued } = readHead(state())
      if (presentTerm(terms) !== target.term) return [{ accepted: false, reissued }, undefined]
      const isTooFar = target.above > nowMicros() + maxPositionLead
      const message = writeRecords(invalidations, isTooFar ? 0 : target.above)
      const head = noteReissue(readHead(state()), target)
      state().head = head
      return [{ accepted: true, reissued: head.reissued }, message]
    },
  }
}

const presentTerm = (terms: LogHead['terms']): number => terms.at(-1)?.id ?? 0

/** The records of one page. Records that share a position are never split over two pages. */
function firstPage(records: readonly LogRecord[], size: number): readonly LogRecord[] {
  const whole = recordsBefore(records, records[size])
  return whole.length > 0 ? whole : records.filter(({ position }) => position === records[0]?.position)
}

/** The records at positions before that of `cut`; all of them if `cut` is undefined. */
function recordsBefore(records: readonly LogRecord[], cut: LogRecord | undefined): readonly LogRecord[] {
  return cut === undefined ? records : records.filter(({ position }) => position < cut.position)
}

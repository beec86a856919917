import type { Cursor, LogPage, LogRecord } from '@larder/core'
import { type LogHead, type LogState, listRecords, presentTerm } from './log-state'

/** Dependencies of {@link createLogPages}. */
interface LogPagesOptions {
  /** Records per page. A page is larger only if a single position has more records. */
  readonly pageSize: number
  /** The server's own wall clock, in ms. */
  now(): number
  readHead(log: LogState): LogHead
}

/** Reads a log page by page. */
export function createLogPages({ pageSize, now, readHead }: LogPagesOptions) {
  return {
    /** Whether the cursor is part of the log's history. */
    isKnown(log: LogState, after: Cursor | undefined): boolean {
      if (after === undefined) return true
      const { terms, position } = readHead(log)
      const index = terms.findIndex(({ id }) => id === after.term)
      return index >= 0 && after.position <= (terms[index + 1]?.from ?? position)
    },

    readPage(log: LogState, after: Cursor | undefined, known: boolean): LogPage {
      const head = readHead(log)
      const { position, floor, keysFloor, tookOverAt, terms, reissued } = head
      const term = presentTerm(terms)
      const start = after?.position ?? -1
      const newer = known ? listRecords(log).filter((record) => record.position > start) : []
      const records = firstPage(newer, pageSize)
      const more = records.length < newer.length
      return {
        log: head.log,
        cursor: { position: more ? (records.at(-1)?.position ?? 0) : position, term },
        position,
        records,
        floor,
        keysFloor,
        known,
        more,
        now: now(),
        tookOverAt,
        history: after?.term === term ? undefined : { terms, reissued },
        overdue: [],
      }
    },
  }
}

/** The records of one page. Records that share a position are never split over two pages. */
function firstPage(records: readonly LogRecord[], size: number): readonly LogRecord[] {
  const whole = recordsBefore(records, records[size])
  return whole.length > 0 ? whole : records.filter(({ position }) => position === records[0]?.position)
}

/** The records at positions before that of `cut`; all of them if `cut` is undefined. */
export function recordsBefore(
  records: readonly LogRecord[],
  cut: LogRecord | undefined,
): readonly LogRecord[] {
  return cut === undefined ? records : records.filter(({ position }) => position < cut.position)
}

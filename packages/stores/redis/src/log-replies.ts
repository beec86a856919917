import type { Cursor, LogHistory, LogMessage, LogPage, LogRecord, Reissued, Term } from '@larder/core'
import { recordOf } from './members'

/** The reply of the scripts `syncLog` and `appendLog`. Positions and times in µs. */
export type PageReply = readonly [
  nonce: Buffer,
  log: Buffer,
  term: Buffer,
  cursor: number,
  position: number,
  floor: number,
  keysFloor: number,
  known: number,
  more: number,
  now: number,
  records: readonly (Buffer | number)[],
  overdue: readonly (Buffer | number)[],
  tookOverAt: number,
  terms: Buffer,
  reissued: Buffer,
  separator: Buffer,
]

/** The reply of the script `reissueLog`. */
export type ReissueReply = readonly [nonce: Buffer, accepted: number, reissued: Buffer]

/** The page of records in a reply. */
export function parsePage(reply: PageReply): LogPage {
  const [, log, term, cursor, position, floor, keysFloor, known, more, now, records, overdue, tookOverAt] =
    reply
  const history = String(reply[13]) === '' ? undefined : parseHistory(reply.slice(13).map(String))
  return {
    log: Number(String(log)),
    cursor: { position: cursor, term: Number(String(term)) },
    position,
    records: parseRecords(records),
    overdue: parseRecords(overdue),
    tookOverAt: Math.floor(tookOverAt / 1_000),
    floor,
    keysFloor,
    known: known === 1,
    more: more === 1,
    now: Math.floor(now / 1_000),
    history,
  }
}

/** The history of a log, from the fields `terms`, `reissued` and `separator` of its head. */
export function parseHistory([terms = '', reissued = '', separator = '']: readonly string[]): LogHistory {
  return {
    terms: parseTerms(terms),
    reissued: parseCursors(reissued),
    tagSeparator: separator === '' ? undefined : separator.slice(1),
  }
}

/** A separator may be empty: one that is given begins with a mark. */
export function formatSeparator(separator: string | undefined): string {
  return separator === undefined ? '' : `=${separator}`
}

export function parseReissued([, accepted, reissued]: ReissueReply): Reissued {
  return { accepted: accepted === 1, reissued: parseCursors(String(reissued)) }
}

/** Words of term and position, as `parseCursors` reads them. */
export function formatCursors(cursors: readonly Cursor[]): string {
  return cursors.map(({ term, position }) => `${term}:${position}`).join(' ')
}

/** `membersAndScores` alternates, as in Redis's WITHSCORES. */
function parseRecords(membersAndScores: readonly (Buffer | number)[]): LogRecord[] {
  const records: LogRecord[] = []
  for (let index = 0; index + 1 < membersAndScores.length; index += 2)
    records.push(recordOf(String(membersAndScores[index]), Number(membersAndScores[index + 1])))
  return records
}

const wordsOf = (text: string) => text.split(' ').filter((word) => word !== '')

function parseTerms(text: string): Term[] {
  return wordsOf(text).map((word) => {
    const [id, from, server = ''] = word.split(':')
    return { id: Number(id), from: Number(from), server }
  })
}

function parseCursors(text: string): Cursor[] {
  return wordsOf(text).map((word) => {
    const [term, position] = word.split(':')
    return { term: Number(term), position: Number(position) }
  })
}

/** The format's version, the log, its term, the previous and the new position, and the members as JSON. */
const messageFormat = /^v2 (\d{1,15}) (\d{1,15}) (\d{1,16}) (\d{1,16}) (\[.*\])$/s

/** Parses a published append. Undefined for any other text: every client of the server may publish. Never throws. */
export function parseMessage(text: string): LogMessage | undefined {
  const match = messageFormat.exec(text)
  const members = match === null ? undefined : parseMembers(match[5] ?? '')
  if (match === null || members === undefined) return undefined
  const [log = 0, term = 0, previous = 0, position = 0] = match.slice(1, 5).map(Number)
  return {
    log,
    previous: { position: previous, term },
    cursor: { position, term },
    records: members.map((member) => recordOf(member, position)),
  }
}

function parseMembers(packed: string): readonly string[] | undefined {
  try {
    const members: unknown = JSON.parse(packed)
    return Array.isArray(members) && members.every((member) => typeof member === 'string')
      ? members
      : undefined
  } catch {
    return undefined
  }
}

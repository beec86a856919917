import type { Appended, LogMessage, LogRecord } from '@larder/core'
import { recordOf } from './members'

/** The reply of the scripts `syncLog` and `appendLog`. Positions and times in µs. */
export type LogReply = readonly [
  cursor: number,
  nonce: Buffer,
  floor: number,
  keysFloor: number,
  known: number,
  more: number,
  now: number,
  position: number,
  records: readonly (Buffer | number)[],
  overdue: readonly (Buffer | number)[],
  tookOverAt: number,
]

/** The page of records in a reply. */
export function parseReply(reply: LogReply): Appended {
  const [cursor, nonce, floor, keysFloor, known, more, now, position, records, overdue, tookOverAt] = reply
  return {
    cursor: { position: cursor, nonce: String(nonce) },
    records: parseRecords(records),
    overdue: parseRecords(overdue),
    tookOverAt: Math.floor(tookOverAt / 1_000),
    floor,
    keysFloor,
    known: known === 1,
    more: more === 1,
    now: Math.floor(now / 1_000),
    position,
  }
}

/** `membersAndScores` alternates, as in Redis's WITHSCORES. */
function parseRecords(membersAndScores: readonly (Buffer | number)[]): LogRecord[] {
  const records: LogRecord[] = []
  for (let index = 0; index + 1 < membersAndScores.length; index += 2)
    records.push(recordOf(String(membersAndScores[index]), Number(membersAndScores[index + 1])))
  return records
}

/**
 * Parses a published append: the previous position and nonce, the new position and nonce, and the members as JSON.
 * Undefined for any other text.
 */
export function parseMessage(text: string): LogMessage | undefined {
  const match = /^(\d+) (\S*) (\d+) (\S+) (\[.*\])$/s.exec(text)
  if (match === null) return undefined
  const [, previousPosition, previousNonce = '', newPosition, nonce = '', packed = ''] = match
  const position = Number(newPosition)
  return {
    previous: { position: Number(previousPosition), nonce: previousNonce },
    cursor: { position, nonce },
    records: (JSON.parse(packed) as string[]).map((member) => recordOf(member, position)),
  }
}

import { randomUUID } from 'node:crypto'
import type { Appended, Cursor, Invalidation, InvalidationLog, LogMessage, LogRecord } from '@larder/core'
import type { Connection } from './connection'
import { memberOf, recordOf } from './members'
import type { Names } from './names'
import { appendLog, forgetKeys, syncLog } from './scripts/log-scripts'
import type { Hub } from './subscriber'

/** What the log of one cache needs. Durations in ms. */
export interface LogOptions {
  readonly connection: Connection
  readonly hub: Hub
  readonly names: Names
  /** Records of each kind at most. */
  readonly maxRecords: number
  /** How long records of tags are kept: longer than any entry. */
  readonly tagRetention: number
  /** How long records of single keys are kept. */
  readonly keyRetention: number
}

/** Records of each kind on one page. */
const pageSize = 5_000
/** Names under one position at most, so that a page always has room for one. */
const namesPerAppend = 1_000

/** The invalidation log in sorted sets: member = what was invalidated, score = position. */
export function redisLog({
  connection,
  hub,
  names,
  maxRecords,
  tagRetention,
  keyRetention,
}: LogOptions): InvalidationLog {
  function common(after: Cursor | undefined): (string | number)[] {
    const cursor = after === undefined ? ['', ''] : [String(after.position), after.nonce]
    return [
      pageSize,
      maxRecords,
      tagRetention * 1_000,
      keyRetention * 1_000,
      ...cursor,
      randomUUID(),
      names.push,
    ]
  }

  async function append(
    invalidations: readonly Invalidation[],
    after: Cursor | undefined,
    lost: { readonly position: number; readonly window: number },
  ): Promise<Appended> {
    const members = invalidations.map(memberOf)
    const args = [...common(after), String(lost.position), lost.window * 1_000, JSON.stringify(members), '']
    const reply = await connection.run({ script: appendLog, keys: names.log, args: [...args, ...members] })
    return pageOf(reply as Reply)
  }

  /** Appends as many records under one position as a page can hold, and the rest under the next. */
  async function appendAll(
    invalidations: readonly Invalidation[],
    after: Cursor | undefined,
    lost: { readonly position: number; readonly window: number },
  ): Promise<Appended> {
    const rest = invalidations.slice(namesPerAppend)
    const first = await append(invalidations.slice(0, namesPerAppend), after, lost)
    if (rest.length === 0) return first
    const next = await appendAll(rest, first.cursor, { position: 0, window: 0 })
    return { ...next, known: first.known, records: [...first.records, ...next.records] }
  }

  return {
    immediate: false,
    sync: async (after) =>
      pageOf((await connection.run({ script: syncLog, keys: names.log, args: common(after) })) as Reply),
    append: (invalidations, after) => appendAll(invalidations, after, { position: 0, window: 0 }),
    reissue: (invalidations, lost, window) =>
      appendAll(invalidations, undefined, { position: lost.position, window }),
    async forgetKeys(records) {
      const members = records.flatMap((record) => [memberOf(record), String(record.position)])
      await connection.run({ script: forgetKeys, keys: names.log, args: [...common(undefined), ...members] })
    },
    follow(onMessage, onDoubt) {
      return hub.listen(names.push, {
        onDoubt,
        onMessage(text) {
          const message = messageOf(text)
          if (message === undefined) onDoubt()
          else onMessage(message)
        },
      })
    },
  }
}

type Reply = [
  at: number,
  nonce: Buffer,
  floor: number,
  keysFloor: number,
  known: number,
  more: number,
  now: number,
  position: number,
  records: (Buffer | number)[],
  overdue: (Buffer | number)[],
  tookOverAt: number,
]

function pageOf(reply: Reply): Appended {
  const [at, nonce, floor, keysFloor, known, more, now, position, records, overdue, tookOverAt] = reply
  return {
    cursor: { position: at, nonce: String(nonce) },
    records: recordsIn(records),
    overdue: recordsIn(overdue),
    tookOverAt: Math.floor(tookOverAt / 1_000),
    floor,
    keysFloor,
    known: known === 1,
    more: more === 1,
    now: Math.floor(now / 1_000),
    position,
  }
}

/** From members and scores in turn. */
function recordsIn(flat: readonly (Buffer | number)[]): LogRecord[] {
  const found: LogRecord[] = []
  for (let at = 0; at + 1 < flat.length; at += 2) found.push(recordOf(String(flat[at]), Number(flat[at + 1])))
  return found
}

/** A push: previous position and nonce, position and nonce, and the members as JSON. Undefined for anything else. */
function messageOf(text: string): LogMessage | undefined {
  const match = /^(\d+) (\S*) (\d+) (\S+) (\[.*\])$/s.exec(text)
  if (match === null) return undefined
  const [, previous, previousNonce = '', at, nonce = '', packed = ''] = match
  const position = Number(at)
  return {
    previous: { position: Number(previous), nonce: previousNonce },
    cursor: { position, nonce },
    records: (JSON.parse(packed) as string[]).map((member) => recordOf(member, position)),
  }
}

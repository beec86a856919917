import { randomUUID } from 'node:crypto'
import type { Appended, Cursor, Invalidation, InvalidationLog } from '@larder/core'
import type { Connection } from './connection'
import { type LogReply, parseMessage, parseReply } from './log-replies'
import { memberOf } from './members'
import type { MessageHub } from './message-hub'
import type { Names } from './names'
import { appendLog, forgetKeys, syncLog } from './scripts/log-scripts'

/** Durations in ms. */
interface InvalidationLogOptions {
  readonly connection: Connection
  readonly hub: MessageHub
  readonly names: Names
  /** Maximum number of records of tags, and of keys. */
  readonly maxRecords: number
  /** How long records of tags are kept: longer than any entry. */
  readonly tagRetention: number
  /** How long records of single keys are kept. */
  readonly keyRetention: number
}

/** The head that a log has lost: records up to `window` ms before it are reissued. */
interface LostHead {
  readonly position: number
  readonly window: number
}

const nothingLost: LostHead = { position: 0, window: 0 }

/** Maximum number of records of each kind on a page. */
const pageSize = 5_000
/** Maximum number of records at one position, so that a page always has space for a whole position. */
const recordsPerPosition = 1_000

/** The invalidation log of one cache, in sorted sets: the member is the invalidation, the score its position. */
export function createInvalidationLog(options: InvalidationLogOptions): InvalidationLog {
  const { connection, hub, names, maxRecords, tagRetention, keyRetention } = options
  const [head, tags, keys, links, recent] = names.log

  /** The keys and arguments of every script of the log, for a caller whose cursor is `after`. */
  function commonValues(after: Cursor | undefined) {
    return {
      head,
      tags,
      keys,
      links,
      recent,
      pageSize,
      maxRecords,
      logAge: tagRetention * 1_000,
      keyAge: keyRetention * 1_000,
      after: after === undefined ? '' : String(after.position),
      afterNonce: after === undefined ? '' : after.nonce,
      nonce: randomUUID(),
      channel: names.push,
    }
  }

  async function appendPosition(
    invalidations: readonly Invalidation[],
    after: Cursor | undefined,
    lost: LostHead,
  ): Promise<Appended> {
    const members = invalidations.map(memberOf)
    const call = appendLog.callWith(
      {
        ...commonValues(after),
        atLeast: String(lost.position),
        window: lost.window * 1_000,
        packed: JSON.stringify(members),
      },
      members,
    )
    return parseReply((await connection.runScript(call)) as LogReply)
  }

  /** Appends up to {@link recordsPerPosition} records at one position, and the rest at the next ones. */
  async function appendAll(
    invalidations: readonly Invalidation[],
    after: Cursor | undefined,
    lost: LostHead,
  ): Promise<Appended> {
    const rest = invalidations.slice(recordsPerPosition)
    const first = await appendPosition(invalidations.slice(0, recordsPerPosition), after, lost)
    if (rest.length === 0) return first
    const next = await appendAll(rest, first.cursor, nothingLost)
    return { ...next, known: first.known, records: [...first.records, ...next.records] }
  }

  return {
    immediate: false,
    sync: async (after) =>
      parseReply((await connection.runScript(syncLog.callWith(commonValues(after)))) as LogReply),
    append: (invalidations, after) => appendAll(invalidations, after, nothingLost),
    reissue: (invalidations, lost, window) =>
      appendAll(invalidations, undefined, { position: lost.position, window }),
    async forgetKeys(records) {
      const members = records.flatMap((record) => [memberOf(record), String(record.position)])
      await connection.runScript(forgetKeys.callWith(commonValues(undefined), members))
    },
    follow(onMessage, onDoubt) {
      return hub.listenTo(names.push, {
        onPossibleLoss: onDoubt,
        onMessage(text) {
          const message = parseMessage(text)
          if (message === undefined) onDoubt()
          else onMessage(message)
        },
      })
    },
  }
}

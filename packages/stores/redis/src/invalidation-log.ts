import { randomInt } from 'node:crypto'
import {
  type Cursor,
  type Invalidation,
  type InvalidationLog,
  LarderError,
  type LogPage,
  maxRecordsPerPosition,
} from '@larder/core'
import type { Connection } from './connection'
import {
  formatCursors,
  formatSeparator,
  type PageReply,
  parseMessage,
  parsePage,
  parseReissued,
  type ReissueReply,
} from './log-replies'
import { memberOf } from './members'
import type { MessageHub } from './message-hub'
import type { Names } from './names'
import type { ScriptCall } from './scripts/define-script'
import { appendLog, forgetKeys, reissueLog, syncLog } from './scripts/log-scripts'

/** Durations in ms. */
interface InvalidationLogOptions {
  readonly connection: Connection
  readonly hub: MessageHub
  readonly names: Names
  /** The cache's `tagSeparator`; undefined for a tool that stores no entries. */
  readonly tagSeparator: string | undefined
  /** Maximum number of records of tags, and of keys. */
  readonly maxRecords: number
  /** How long records of tags are kept: longer than any entry. */
  readonly tagRetention: number
  /** How long records of single keys are kept. */
  readonly keyRetention: number
}

/** Maximum number of records of each kind on a page. */
const pageSize = 5_000

/** The invalidation log of one cache, in sorted sets: the member is the invalidation, the score its position. */
export function createInvalidationLog(options: InvalidationLogOptions): InvalidationLog {
  const { hub, names } = options
  const runLogScript = createScriptRunner(options)

  async function appendPosition(members: readonly string[], after: Cursor | undefined): Promise<LogPage> {
    const packed = JSON.stringify(members)
    return parsePage(
      await runLogScript<PageReply>(after, (common) => appendLog.callWith({ ...common, packed }, members)),
    )
  }

  /** Appends up to {@link maxRecordsPerPosition} records at one position, and the rest at the next ones. */
  async function appendAll(
    invalidations: readonly Invalidation[],
    after: Cursor | undefined,
  ): Promise<LogPage> {
    const rest = invalidations.slice(maxRecordsPerPosition)
    const first = await appendPosition(invalidations.slice(0, maxRecordsPerPosition).map(memberOf), after)
    if (rest.length === 0) return first
    const next = await appendAll(rest, first.cursor)
    return {
      ...next,
      known: first.known && next.known,
      history: next.history ?? first.history,
      records: [...first.records, ...next.records],
    }
  }

  return {
    immediate: false,
    sync: async (after) =>
      parsePage(await runLogScript<PageReply>(after, (common) => syncLog.callWith(common))),
    append: appendAll,
    async reissue(invalidations, { term, above, completes }) {
      const members = invalidations.map(memberOf)
      const target = {
        packed: JSON.stringify(members),
        expectedTerm: String(term),
        above: String(above),
        completes: formatCursors(completes),
      }
      return parseReissued(
        await runLogScript<ReissueReply>(undefined, (common) =>
          reissueLog.callWith({ ...common, ...target }, members),
        ),
      )
    },
    async forgetKeys(records) {
      const members = records.flatMap((record) => [memberOf(record), String(record.position)])
      await runLogScript(undefined, (common) => forgetKeys.callWith(common, members))
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

/** Returns a function that runs a script of the log, and checks that the reply is that of this call. */
function createScriptRunner({
  connection,
  names,
  tagSeparator,
  maxRecords,
  tagRetention,
  keyRetention,
}: InvalidationLogOptions) {
  const [head, tags, keys, links] = names.log

  /** The keys and arguments of every script of the log, for a caller whose cursor is `after`. */
  function commonValues(after: Cursor | undefined) {
    return {
      head,
      tags,
      keys,
      links,
      pageSize,
      maxRecords,
      logAge: tagRetention * 1_000,
      keyAge: keyRetention * 1_000,
      after: after === undefined ? '' : String(after.position),
      afterTerm: after === undefined ? '' : String(after.term),
      nonce: String(randomInt(1, 2 ** 48)),
      channel: names.push,
      separator: formatSeparator(tagSeparator),
    }
  }

  return async <R extends readonly unknown[]>(
    after: Cursor | undefined,
    createCall: (common: ReturnType<typeof commonValues>) => ScriptCall,
  ): Promise<R> => {
    const common = commonValues(after)
    const reply = await connection.runScript(createCall(common))
    if (Array.isArray(reply) && String(reply[0]) === common.nonce) return reply as unknown as R
    // A call or a reply was lost on the way: every later reply would be that of another call.
    connection.reconnect()
    throw new LarderError('STORE_FAILED', 'Redis: the reply belongs to another call.')
  }
}

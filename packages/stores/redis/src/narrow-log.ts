import {
  type InvalidationLog,
  LarderError,
  type LogMessage,
  type LogPage,
  type LogRecord,
} from '@larder/core'
import { keyOfTag } from '@larder/core/encoding'
import type { Connection } from './connection'
import { parseHistory } from './log-replies'
import { memberOf, recordOf } from './members'
import type { Names } from './names'

interface NarrowLogOptions {
  readonly connection: Connection
  readonly names: Names
}

/** A log of which only the records are read that concern known entries, for a tool that looks at a few of them. */
export interface NarrowLog {
  /** Reading it changes nothing, and it refuses changes. */
  readonly log: InvalidationLog
  /** Hands the records that can end an entry with this key and these tags to the process that follows the log. */
  readRecordsOf(key: string, tags: readonly string[]): Promise<void>
}

/**
 * Creates a log that reads the head of the log, and the score of each name that can end a known entry. An entry carries all
 * tags above its own, so no other record concerns it.
 */
export function createNarrowLog({ connection, names }: NarrowLogOptions): NarrowLog {
  const [, tags, keys] = names.log
  /** The members to look up, with the sets that they are in. */
  const members = new Map<string, string>()
  let push: (message: LogMessage) => void = () => undefined
  let followed = { position: 0, term: 0 }

  function include(scope: 'all' | 'tag' | 'key', name: string): void {
    for (const mode of ['hard', 'soft'] as const)
      members.set(memberOf({ scope, mode, name }), scope === 'key' ? keys : tags)
  }
  include('all', '')

  async function readRecord([member, set]: readonly [string, string]): Promise<LogRecord[]> {
    const score = await connection.sendCommand('zscore', set, member)
    return score === null ? [] : [recordOf(member, Number(String(score)))]
  }

  async function readPage(): Promise<LogPage> {
    const [head, ...records] = await Promise.all([
      readHead({ connection, names }),
      ...[...members].map(readRecord),
    ])
    return { ...head, records: records.flat() }
  }

  return {
    log: {
      immediate: false,
      async sync() {
        const page = await readPage()
        if (page.cursor.position > followed.position) followed = page.cursor
        return page
      },
      append: refuse,
      reissue: refuse,
      forgetKeys: refuse,
      follow(onMessage) {
        push = onMessage
        return () => undefined
      },
    },
    async readRecordsOf(key, entryTags) {
      include('key', key)
      for (const tag of entryTags) {
        const source = keyOfTag(tag)
        include(source === undefined ? 'tag' : 'key', source ?? tag)
      }
      const { log, cursor, records } = await readPage()
      const previous = followed
      // The records are older, and are handed over as if they were appended now.
      followed = { ...cursor, position: Math.max(cursor.position, previous.position) + 1 }
      push({ log, previous, cursor: followed, records })
    },
  }
}

const refuse = () => Promise.reject(new LarderError('STORE_FAILED', 'This log can only be read.'))

/** The fields of the head: numbers, then texts. */
const numberFields = ['position', 'term', 'log', 'floor', 'keysFloor', 'tookOverAt'] as const
const textFields = ['sizes', 'terms', 'reissued', 'separator'] as const

/** A page without records. If the log is not complete, everything is older than the floor: the next process begins a new log. */
async function readHead({ connection, names }: NarrowLogOptions): Promise<LogPage> {
  const [head, ...sets] = names.log
  const [fields, time, ...sizes] = await Promise.all([
    connection.sendCommand('hmget', head, ...numberFields, ...textFields),
    connection.sendCommand('time'),
    ...sets.map((set) => connection.sendCommand('zcard', set)),
  ])
  const texts = (fields as (Buffer | null)[]).map((field) => String(field ?? ''))
  const [position = 0, term = 0, log = 0, floor = 0, keysFloor = 0, tookOverAt = 0] = texts.map(Number)
  const [recordedSizes, ...history] = texts.slice(numberFields.length)
  const [seconds, micros] = (time as Buffer[]).map((part) => Number(String(part)))
  const now = (seconds ?? 0) * 1_000 + Math.floor((micros ?? 0) / 1_000)
  return {
    log,
    cursor: { position, term },
    position,
    records: [],
    floor: recordedSizes === sizes.join(' ') ? floor : now * 1_000,
    keysFloor,
    known: true,
    more: false,
    now,
    tookOverAt: Math.floor(tookOverAt / 1_000),
    history: parseHistory(history),
    overdue: [],
  }
}

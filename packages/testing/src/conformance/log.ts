import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { Cursor, Invalidation, InvalidationLog, LogMessage, LogRecord } from '@larder/core'
import { awkwardNames } from './bytes'
import { type Check, eventually, type Subject } from './check'

function logOf({ open }: Pick<Subject, 'open'>, cache?: string): InvalidationLog {
  const { log } = open(cache)
  ok(log, 'The store has a log.')
  return log
}

const tag = (name: string, mode: 'hard' | 'soft' = 'hard'): Invalidation => ({ scope: 'tag', mode, name })

async function readOn(log: InvalidationLog, from?: Cursor): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  let cursor = from
  for (;;) {
    const page = await log.sync(cursor)
    records.push(...page.records)
    cursor = page.cursor
    if (!page.more) return records
  }
}

const described = (records: readonly Invalidation[]) =>
  records.map(({ scope, mode, name }) => `${scope} ${mode} ${name}`).sort()

/** What every {@link InvalidationLog} promises. */
export const logChecks: readonly Check[] = [
  {
    promise: 'positions increase, whoever appends',
    async run(subject) {
      const logs = [logOf(subject, 'shared'), logOf(subject, 'shared')]
      const appended = await Promise.all(
        Array.from({ length: 40 }, (_, at) => logs[at % 2]?.append([tag(`t${at}`)], undefined)),
      )
      const positions = appended.map((answer) => answer?.position ?? 0)
      strictEqual(new Set(positions).size, 40)
      const last = await logOf(subject, 'shared').append([tag('last')], undefined)
      ok(last.position > Math.max(...positions), 'The last one is the highest.')
    },
  },
  {
    promise:
      'a page misses nothing between a cursor and the end, and a history of any length is read to its end',
    async run(subject) {
      const log = logOf(subject)
      const names = Array.from({ length: 6_000 }, (_, at) => `tag ${at}`)
      const { cursor } = await log.append([tag('before')], undefined)
      await log.append(
        names.map((name) => tag(name)),
        undefined,
      )
      await log.append([tag('after')], undefined)
      deepStrictEqual(
        described(await readOn(log, cursor)),
        described([...names, 'after'].map((name) => tag(name))),
      )
      deepStrictEqual(
        described(await readOn(log)),
        described(['before', ...names, 'after'].map((name) => tag(name))),
      )
    },
  },
  {
    promise: 'records of every kind come back as they were, whatever characters their names hold',
    async run(subject) {
      const log = logOf(subject)
      const records: Invalidation[] = [
        ...awkwardNames.filter((name) => name !== '\u0000').map((name) => tag(name)),
        tag('a', 'soft'),
        { scope: 'key', mode: 'hard', name: 'a' },
        { scope: 'key', mode: 'soft', name: 'a' },
        { scope: 'all', mode: 'soft', name: '' },
        { scope: 'link', mode: 'hard', name: 'child\u0000parent' },
      ]
      await log.append(records, undefined)
      deepStrictEqual(described(await readOn(log)), described(records))
    },
  },
  {
    promise: 'of one name, only the latest record is kept',
    async run(subject) {
      const log = logOf(subject)
      await log.append([tag('a')], undefined)
      const { position } = await log.append([tag('a')], undefined)
      deepStrictEqual(
        (await readOn(log)).map((record) => record.position),
        [position],
      )
    },
  },
  {
    promise: 'an append answers with everything since the cursor, itself included',
    async run(subject) {
      const [own, other] = [logOf(subject, 'shared'), logOf(subject, 'shared')]
      const { cursor } = await own.append([tag('first')], undefined)
      await other.append([tag('of another')], undefined)
      const answer = await own.append([tag('own')], cursor)
      deepStrictEqual(described(answer.records), described([tag('of another'), tag('own')]))
      strictEqual(answer.cursor.position, answer.position)
      strictEqual(answer.known, true)
    },
  },
  {
    promise: 'a cursor that it did not give is not known to it',
    async run(subject) {
      const log = logOf(subject)
      const { cursor } = await log.append([tag('a')], undefined)
      strictEqual((await log.sync(cursor)).known, true)
      strictEqual((await log.sync({ ...cursor, nonce: 'of another history' })).known, false)
      strictEqual((await log.sync({ ...cursor, position: cursor.position + 1 })).known, false)
    },
  },
  {
    promise: 'clearing everything raises the floor to its own position',
    async run(subject) {
      const log = logOf(subject)
      await log.append([tag('a')], undefined)
      const { position } = await log.append([{ scope: 'all', mode: 'hard', name: '' }], undefined)
      strictEqual((await log.sync(undefined)).floor, position)
    },
  },
  {
    promise: 'an edge that was unlinked is not linked any more',
    async run(subject) {
      const log = logOf(subject)
      const name = 'child\u0000parent'
      await log.append([{ scope: 'link', mode: 'hard', name }], undefined)
      await log.append([{ scope: 'unlink', mode: 'hard', name }], undefined)
      strictEqual((await readOn(log)).filter(({ scope }) => scope === 'link').length, 0)
    },
  },
  {
    promise: 'what is told again lies above what was lost, with what was recorded shortly before that',
    async run(subject) {
      const log = logOf(subject)
      const { cursor } = await log.append([tag('of this branch')], undefined)
      const lost = { position: cursor.position + 1_000, nonce: 'lost' }
      const { position } = await log.reissue([tag('seen')], lost, 60_000)
      ok(position > lost.position, 'It lies above what was lost.')
      const records = await readOn(log)
      deepStrictEqual(described(records), described([tag('of this branch'), tag('seen')]))
      ok(
        records.every((record) => record.position > lost.position),
        'So does what was recorded before.',
      )
    },
  },
  {
    promise: 'every append is pushed to those who follow, after the one before it',
    async run(subject) {
      const [own, other] = [logOf(subject, 'shared'), logOf(subject, 'shared')]
      const messages: LogMessage[] = []
      let doubts = 0
      const stop = other.follow(
        (message) => messages.push(message),
        () => {
          doubts += 1
        },
      )
      await eventually('the follower is told', async () => {
        await own.append([tag('knock')], undefined)
        return messages.length > 0 || doubts > 0
      })
      await eventually('a message arrives', async () => {
        await own.append([tag('knock')], undefined)
        return messages.length > 0
      })
      const { position } = await own.append([tag('news')], undefined)
      await eventually('the news arrive', () => messages.some(({ cursor }) => cursor.position === position))
      for (const [at, message] of messages.entries())
        if (at > 0) deepStrictEqual(message.previous, messages[at - 1]?.cursor)
      stop()
    },
  },
  {
    promise: 'caches of different names have logs of their own',
    async run(subject) {
      const [own, other] = [logOf(subject, 'own'), logOf(subject, 'other')]
      await own.append([tag('a')], undefined)
      deepStrictEqual(await readOn(other), [])
    },
  },
  {
    promise: 'records of keys are forgotten when it is told to, and only if they are still the latest',
    async run(subject) {
      const log = logOf(subject)
      const key = (name: string): Invalidation => ({ scope: 'key', mode: 'hard', name })
      await log.append([key('again'), key('gone')], undefined)
      const records = await readOn(log)
      await log.append([key('again')], undefined)
      await log.forgetKeys(records)
      deepStrictEqual(described(await readOn(log)), described([key('again')]))
      notStrictEqual((await log.sync(undefined)).keysFloor, 0)
    },
  },
]

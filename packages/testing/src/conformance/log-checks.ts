import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { Cursor, Invalidation, InvalidationLog, LogMessage, LogRecord } from '@larder/core'
import { type Check, type StoreUnderTest, waitUntil } from './check'
import { awkwardNames } from './sample-entries'

function openLog({ open }: Pick<StoreUnderTest, 'open'>, cache?: string): InvalidationLog {
  const { log } = open(cache)
  ok(log, 'The store has a log.')
  return log
}

const tagInvalidation = (name: string, mode: 'hard' | 'soft' = 'hard'): Invalidation => ({
  scope: 'tag',
  mode,
  name,
})

async function readToEnd(log: InvalidationLog, from?: Cursor): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  let cursor = from
  for (;;) {
    const page = await log.sync(cursor)
    records.push(...page.records)
    cursor = page.cursor
    if (!page.more) return records
  }
}

const formatRecords = (records: readonly Invalidation[]) =>
  records.map(({ scope, mode, name }) => `${scope} ${mode} ${name}`).sort()

/** The contract of {@link InvalidationLog}. */
export const logChecks: readonly Check[] = [
  {
    guarantee: 'positions increase across all clients that append',
    async verifyStore(subject) {
      const logs = [openLog(subject, 'shared'), openLog(subject, 'shared')]
      const appended = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          logs[index % 2]?.append([tagInvalidation(`t${index}`)], undefined),
        ),
      )
      const positions = appended.map((answer) => answer?.position ?? 0)
      strictEqual(new Set(positions).size, 40)
      const last = await openLog(subject, 'shared').append([tagInvalidation('last')], undefined)
      ok(last.position > Math.max(...positions), 'The last append must have the highest position.')
    },
  },
  {
    guarantee: 'pages contain every record after the cursor, for a history of any length',
    async verifyStore(subject) {
      const log = openLog(subject)
      const names = Array.from({ length: 6_000 }, (_, index) => `tag ${index}`)
      const { cursor } = await log.append([tagInvalidation('before')], undefined)
      await log.append(
        names.map((name) => tagInvalidation(name)),
        undefined,
      )
      await log.append([tagInvalidation('after')], undefined)
      deepStrictEqual(
        formatRecords(await readToEnd(log, cursor)),
        formatRecords([...names, 'after'].map((name) => tagInvalidation(name))),
      )
      deepStrictEqual(
        formatRecords(await readToEnd(log)),
        formatRecords(['before', ...names, 'after'].map((name) => tagInvalidation(name))),
      )
    },
  },
  {
    guarantee: 'records of every kind are read back unchanged, with any characters in their names',
    async verifyStore(subject) {
      const log = openLog(subject)
      const records: Invalidation[] = [
        ...awkwardNames.filter((name) => name !== '\u0000').map((name) => tagInvalidation(name)),
        tagInvalidation('a', 'soft'),
        { scope: 'key', mode: 'hard', name: 'a' },
        { scope: 'key', mode: 'soft', name: 'a' },
        { scope: 'all', mode: 'soft', name: '' },
        { scope: 'link', mode: 'hard', name: 'child\u0000parent' },
      ]
      await log.append(records, undefined)
      deepStrictEqual(formatRecords(await readToEnd(log)), formatRecords(records))
    },
  },
  {
    guarantee: 'only the latest record of each name is kept',
    async verifyStore(subject) {
      const log = openLog(subject)
      await log.append([tagInvalidation('a')], undefined)
      const { position } = await log.append([tagInvalidation('a')], undefined)
      deepStrictEqual(
        (await readToEnd(log)).map((record) => record.position),
        [position],
      )
    },
  },
  {
    guarantee: 'append returns every record since the cursor, including its own',
    async verifyStore(subject) {
      const [first, second] = [openLog(subject, 'shared'), openLog(subject, 'shared')]
      const { cursor } = await first.append([tagInvalidation('first')], undefined)
      await second.append([tagInvalidation('of another')], undefined)
      const answer = await first.append([tagInvalidation('own')], cursor)
      deepStrictEqual(
        formatRecords(answer.records),
        formatRecords([tagInvalidation('of another'), tagInvalidation('own')]),
      )
      strictEqual(answer.cursor.position, answer.position)
      strictEqual(answer.known, true)
    },
  },
  {
    guarantee: 'a cursor of another history is reported as unknown',
    async verifyStore(subject) {
      const log = openLog(subject)
      const { cursor } = await log.append([tagInvalidation('a')], undefined)
      strictEqual((await log.sync(cursor)).known, true)
      const elsewhere = await log.sync({ ...cursor, term: cursor.term + 1 })
      strictEqual(elsewhere.known, false)
      deepStrictEqual(elsewhere.records, [])
      ok(elsewhere.history, 'A follower of another history must learn that of the log.')
      strictEqual((await log.sync({ ...cursor, position: cursor.position + 1 })).known, false)
    },
  },
  {
    guarantee: 'clearing everything raises the floor to the position of the clear',
    async verifyStore(subject) {
      const log = openLog(subject)
      await log.append([tagInvalidation('a')], undefined)
      const { position } = await log.append([{ scope: 'all', mode: 'hard', name: '' }], undefined)
      strictEqual((await log.sync(undefined)).floor, position)
    },
  },
  {
    guarantee: 'unlink removes the record of the link',
    async verifyStore(subject) {
      const log = openLog(subject)
      const name = 'child\u0000parent'
      await log.append([{ scope: 'link', mode: 'hard', name }], undefined)
      await log.append([{ scope: 'unlink', mode: 'hard', name }], undefined)
      strictEqual((await readToEnd(log)).filter(({ scope }) => scope === 'link').length, 0)
    },
  },
  {
    guarantee: 'reissued records get a position above the lost one, and only in the term they are meant for',
    async verifyStore(subject) {
      const log = openLog(subject)
      const { cursor } = await log.append([tagInvalidation('of this branch')], undefined)
      const lost = { position: cursor.position + 60_000_000, term: cursor.term + 1 }
      const target = { above: lost.position, completes: [lost] }
      const refused = await log.reissue([tagInvalidation('elsewhere')], { ...target, term: lost.term })
      deepStrictEqual(refused, { accepted: false, reissued: [] })
      const answer = await log.reissue([tagInvalidation('seen')], { ...target, term: cursor.term })
      deepStrictEqual(answer, { accepted: true, reissued: [lost] })
      const { records } = await log.sync(cursor)
      deepStrictEqual(formatRecords(records), formatRecords([tagInvalidation('seen')]))
      ok(
        records.every((record) => record.position > lost.position),
        'The new position must be above the lost one.',
      )
    },
  },
  {
    guarantee: 'every page names its log, which is the same as in pushes',
    async verifyStore(subject) {
      const [first, second] = [openLog(subject, 'shared'), openLog(subject, 'shared')]
      const messages: LogMessage[] = []
      const stop = second.follow(
        (message) => messages.push(message),
        () => undefined,
      )
      await waitUntil('a message arrives', async () => {
        await first.append([tagInvalidation('knock')], undefined)
        return messages.length > 0
      })
      stop()
      const { log } = await second.sync(undefined)
      ok(messages.every((message) => message.log === log))
      notStrictEqual((await openLog(subject, 'other').sync(undefined)).log, log)
    },
  },
  {
    guarantee: 'every append is pushed to followers in order, with the cursor before it',
    async verifyStore(subject) {
      const [first, second] = [openLog(subject, 'shared'), openLog(subject, 'shared')]
      const messages: LogMessage[] = []
      let doubts = 0
      const stop = second.follow(
        (message) => messages.push(message),
        () => {
          doubts += 1
        },
      )
      await waitUntil('the follower receives a message', async () => {
        await first.append([tagInvalidation('knock')], undefined)
        return messages.length > 0 || doubts > 0
      })
      await waitUntil('a message arrives', async () => {
        await first.append([tagInvalidation('knock')], undefined)
        return messages.length > 0
      })
      const { position } = await first.append([tagInvalidation('news')], undefined)
      await waitUntil('the last append arrives', () =>
        messages.some(({ cursor }) => cursor.position === position),
      )
      for (const [index, message] of messages.entries())
        if (index > 0) deepStrictEqual(message.previous, messages[index - 1]?.cursor)
      stop()
    },
  },
  {
    guarantee: 'caches with different names have separate logs',
    async verifyStore(subject) {
      const [first, second] = [openLog(subject, 'own'), openLog(subject, 'other')]
      await first.append([tagInvalidation('a')], undefined)
      deepStrictEqual(await readToEnd(second), [])
    },
  },
  {
    guarantee: 'forgetKeys removes records of keys that are still the latest, and raises keysFloor',
    async verifyStore(subject) {
      const log = openLog(subject)
      const keyInvalidation = (name: string): Invalidation => ({ scope: 'key', mode: 'hard', name })
      await log.append([keyInvalidation('again'), keyInvalidation('gone')], undefined)
      const records = await readToEnd(log)
      await log.append([keyInvalidation('again')], undefined)
      await log.forgetKeys(records)
      deepStrictEqual(formatRecords(await readToEnd(log)), formatRecords([keyInvalidation('again')]))
      notStrictEqual((await log.sync(undefined)).keysFloor, 0)
    },
  },
]

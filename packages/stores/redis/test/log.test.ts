// needs: redis
import type { Cursor, Duration, Invalidation, InvalidationLog, LogMessage, LogRecord } from '@larder/core'
import { provideRedis, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { openStore } from './support/open-store'

const server = provideRedis(beforeAll, afterAll)
let client: Redis
let logCount = 0

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

function openLog(options: { maxLogRecords?: number; keyRetention?: Duration } = {}): {
  log: InvalidationLog
  keys: string
} {
  logCount += 1
  const name = `log${logCount}`
  return { log: openStore(redisStore({ client, ...options }), name).log, keys: `larder:{${name}}` }
}

const tag = (name: string, mode: 'hard' | 'soft' = 'hard'): Invalidation => ({ scope: 'tag', mode, name })
const clear: Invalidation = { scope: 'all', mode: 'hard', name: '' }

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

describe('the invalidation log on Redis', () => {
  test('assigns strictly increasing positions close to the server’s time', async () => {
    const { log } = openLog()
    const before = Date.now()
    const positions: number[] = []
    for (let index = 0; index < 50; index += 1)
      positions.push((await log.append([tag(`t${index}`)], undefined)).position)
    expect([...new Set(positions)].sort((a, b) => a - b)).toEqual(positions)
    expect(positions.at(0)! / 1_000).toBeGreaterThan(before - 5_000)
    expect(positions.at(-1)! / 1_000).toBeLessThan(Date.now() + 5_000)
  })

  test('replies to an append with every record since the cursor, including the append', async () => {
    const { log } = openLog()
    const { cursor } = await log.sync(undefined)
    await log.append([tag('a'), tag('b', 'soft')], undefined)
    const page = await log.append(
      [
        { scope: 'key', mode: 'hard', name: 'k' },
        { scope: 'link', mode: 'hard', name: 'c\u0000p' },
      ],
      cursor,
    )
    expect(page.records.map(({ scope, mode, name }) => `${scope} ${mode} ${name}`).sort()).toEqual(
      ['tag hard a', 'tag soft b', 'key hard k', 'link hard c\u0000p'].sort(),
    )
    expect(page).toMatchObject({ known: true, more: false })
    expect(page.cursor.position).toBe(page.position)
  })

  test('replies to a caller at the head with only the records it appends', async () => {
    const { log } = openLog()
    await log.append([tag('before')], undefined)
    const { cursor } = await log.sync(undefined)
    expect(await log.sync(cursor)).toMatchObject({ cursor, records: [], known: true, more: false })
    const link: Invalidation = { scope: 'link', mode: 'hard', name: 'c\u0000p' }
    const { position, ...page } = await log.append([tag('a', 'soft'), clear, link], cursor)
    expect(page).toMatchObject({ known: true, more: false, floor: position })
    expect(page.records).toEqual([
      { ...tag('a', 'soft'), position },
      { ...clear, position },
      { ...link, position },
    ])
    expect(await log.sync(page.cursor)).toMatchObject({ cursor: page.cursor, records: [], known: true })
  })

  test('stores names with any characters', async () => {
    const { log } = openLog()
    const names = ['', ' ', '"', "'", '\\', '\n', 'ключ', '😀', '[1,"2"]', ' 12 ab']
    await log.append(
      names.map((name) => tag(name)),
      undefined,
    )
    expect((await readToEnd(log)).map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  test('keeps one record per name, at its latest position', async () => {
    const { log } = openLog()
    await log.append([tag('a')], undefined)
    const { position } = await log.append([tag('a')], undefined)
    expect(await readToEnd(log)).toEqual([{ scope: 'tag', mode: 'hard', name: 'a', position }])
  })

  test('returns every record of a long history in pages', async () => {
    const { log } = openLog()
    const names = Array.from({ length: 12_000 }, (_, index) => `tag ${index}`)
    await log.append(
      names.map((name) => tag(name)),
      undefined,
    )
    expect(new Set((await readToEnd(log)).map(({ name }) => name))).toEqual(new Set(names))
  })

  test('drops the oldest records beyond maxLogRecords and raises the floor', async () => {
    const { log, keys } = openLog({ maxLogRecords: 100 })
    const { position } = await log.append([tag('first')], undefined)
    for (let index = 0; index < 30; index += 1)
      await log.append(
        Array.from({ length: 10 }, (_, n) => tag(`${index} ${n}`)),
        undefined,
      )
    expect(await client.zcard(`${keys}:log`)).toBeLessThanOrEqual(110)
    expect((await log.sync(undefined)).floor).toBeGreaterThanOrEqual(position)
  })

  test('drops records past their age and raises the floor', async () => {
    const { log, keys } = openLog()
    const { position } = await log.append([tag('old')], undefined)
    const longAgo = position - 400 * 24 * 3_600 * 1_000_000
    // Move the record into the past.
    await client.zadd(`${keys}:log`, longAgo, 'Told')
    await client.hset(`${keys}:head`, 'floor', 0)
    await until('the record is dropped', async () => {
      await log.append([tag('new')], undefined)
      return (await client.zscore(`${keys}:log`, 'Told')) === null
    })
    const { floor, records } = await log.sync(undefined)
    expect(records.map(({ name }) => name)).toEqual(['new'])
    expect(floor).toBe(longAgo)
  })

  test('raises the floor to the current time when its head is lost', async () => {
    const { log, keys } = openLog()
    const { cursor, position } = await log.append([tag('a')], undefined)
    await client.del(`${keys}:head`)
    const page = await log.sync(cursor)
    expect(page.known).toBe(false)
    expect(page.floor).toBeGreaterThan(position)
  })

  test.each([
    ['log', tag('a')],
    ['keys', { scope: 'key', mode: 'hard', name: 'a' }],
    ['links', { scope: 'link', mode: 'hard', name: 'c\u0000p' }],
  ] as const)(
    'raises the floor to the current time when only its set %s is lost, as by eviction',
    async (part, record) => {
      const { log, keys } = openLog()
      const { cursor, position } = await log.append([record], undefined)
      await client.del(`${keys}:${part}`)
      expect((await log.sync(cursor)).known).toBe(false)
      const page = await log.sync(undefined)
      expect(page.floor).toBeGreaterThan(position)
      expect(page.keysFloor).toBeGreaterThan(position)
      expect((await log.append([record], page.cursor)).known).toBe(true)
    },
  )

  test('keeps no records of links that were removed', async () => {
    const { log, keys } = openLog({ keyRetention: '1ms' })
    const link = (scope: 'link' | 'unlink', index: number): Invalidation => ({
      scope,
      mode: 'hard',
      name: `child ${index}\u0000parent`,
    })
    for (let index = 0; index < 20; index += 1) {
      await log.append([link('link', index)], undefined)
      await log.append([link('unlink', index)], undefined)
    }
    await until('the last record is forgotten', async () => {
      const { overdue } = await log.sync(undefined)
      if (overdue.length > 0) await log.forgetKeys(overdue)
      return (await client.zcard(`${keys}:keys`)) === 0
    })
    expect(await client.zcard(`${keys}:links`)).toBe(0)
  })

  describe('forgets the records of keys', () => {
    const key = (name: string): Invalidation => ({ scope: 'key', mode: 'hard', name })

    test('only after a caller confirms that their entries are deleted', async () => {
      const { log } = openLog({ keyRetention: '1ms' })
      const { position } = await log.append([key('a'), key('b')], undefined)
      await log.append([tag('later')], undefined)
      let overdue: readonly LogRecord[] = []
      await until('the records are overdue', async () => {
        overdue = (await log.sync(undefined)).overdue
        return overdue.length > 0
      })
      expect((await readToEnd(log)).filter(({ scope }) => scope === 'key')).toHaveLength(2)
      await log.forgetKeys(overdue)
      const { records, keysFloor } = await log.sync(undefined)
      expect(records.map(({ name }) => name)).toEqual(['later'])
      expect(keysFloor).toBe(position)
    })

    test('unless they were appended again in the meantime', async () => {
      const { log } = openLog({ maxLogRecords: 1 })
      await log.append([key('a')], undefined)
      const { overdue } = await log.sync(undefined)
      await log.append([key('a')], undefined)
      await log.forgetKeys(overdue)
      expect((await log.sync(undefined)).records).toHaveLength(1)
    })

    test('oldest first, in whole positions, through one caller at a time', async () => {
      const { log } = openLog({ maxLogRecords: 8 })
      for (const names of [['a'], ['b', 'c'], ['d', 'e', 'f']]) await log.append(names.map(key), undefined)
      expect((await log.sync(undefined)).overdue.map(({ name }) => name)).toEqual(['a'])
      expect((await log.sync(undefined)).overdue).toEqual([])
    })

    test('and raises the floor, if there are more than maxLogRecords', async () => {
      const { log, keys } = openLog({ maxLogRecords: 3 })
      for (let index = 0; index < 5; index += 1) await log.append([key(`k${index}`)], undefined)
      expect(await client.zcard(`${keys}:keys`)).toBe(3)
      const { floor, records } = await log.sync(undefined)
      expect(records.every(({ position }) => position > floor)).toBe(true)
    })
  })

  test('drops older records and raises the floor on a clear', async () => {
    const { log } = openLog()
    await log.append([tag('a')], undefined)
    const { position, floor } = await log.append([clear], undefined)
    expect(floor).toBe(position)
    expect(await readToEnd(log)).toEqual([{ ...clear, position }])
  })

  test('publishes each append with the cursor before it', async () => {
    const { log } = openLog()
    const messages: LogMessage[] = []
    const stop = log.follow(
      (message) => messages.push(message),
      () => undefined,
    )
    const first = await log.append([tag('early')], undefined)
    await until('the subscription receives messages', async () => {
      await log.append([tag('probe')], undefined)
      return messages.length > 0
    })
    const { cursor } = await log.sync(undefined)
    await log.append([tag('a "quoted" name\n')], undefined)
    await until('the message arrives', () => messages.at(-1)?.records[0]?.name === 'a "quoted" name\n')
    expect(messages.at(-1)?.previous).toEqual(cursor)
    expect(first.position).toBeLessThan(cursor.position)
    stop()
  })
})

test('several caches on one client share one subscription connection', async () => {
  const before = (await server.command('CLIENT', 'LIST')).split('\n').length
  const logs = Array.from({ length: 5 }, () => openLog().log)
  const stops = logs.map((log) =>
    log.follow(
      () => undefined,
      () => undefined,
    ),
  )
  await until(
    'all caches are subscribed',
    async () => (await server.command('PUBSUB', 'CHANNELS', 'larder:*')).split('\n').length >= 5,
  )
  expect((await server.command('CLIENT', 'LIST')).split('\n').length - before).toBeLessThanOrEqual(1)
  for (const stop of stops) stop()
})

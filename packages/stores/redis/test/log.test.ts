import type { Cursor, Duration, Invalidation, InvalidationLog, LogMessage, LogRecord } from '@larder/core'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { open } from './support/open'

let server: RedisServer
let client: Redis
let caches = 0

beforeAll(async () => {
  server = await startRedis()
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
  await server.close()
})

function freshLog(options: { maxLogRecords?: number; keyRetention?: Duration } = {}): {
  log: InvalidationLog
  keys: string
} {
  caches += 1
  const name = `log${caches}`
  return { log: open(redisStore({ client, ...options }), name).log, keys: `larder:{${name}}` }
}

const tag = (name: string, mode: 'hard' | 'soft' = 'hard'): Invalidation => ({ scope: 'tag', mode, name })
const clear: Invalidation = { scope: 'all', mode: 'hard', name: '' }

async function readAll(log: InvalidationLog, from?: Cursor): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  let cursor = from
  for (;;) {
    const page = await log.sync(cursor)
    records.push(...page.records)
    cursor = page.cursor
    if (!page.more) return records
  }
}

describe('the log on Redis', () => {
  test('gives strictly increasing positions, near the time of the server', async () => {
    const { log } = freshLog()
    const before = Date.now()
    const positions: number[] = []
    for (let at = 0; at < 50; at += 1) positions.push((await log.append([tag(`t${at}`)], undefined)).position)
    expect([...new Set(positions)].sort((a, b) => a - b)).toEqual(positions)
    expect(positions.at(0)! / 1_000).toBeGreaterThan(before - 5_000)
    expect(positions.at(-1)! / 1_000).toBeLessThan(Date.now() + 5_000)
  })

  test('answers an append with everything since the cursor, ending with the append itself', async () => {
    const { log } = freshLog()
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

  test('answers who has read everything with what is added alone', async () => {
    const { log } = freshLog()
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

  test('keeps names of any characters', async () => {
    const { log } = freshLog()
    const names = ['', ' ', '"', "'", '\\', '\n', 'ключ', '😀', '[1,"2"]', ' 12 ab']
    await log.append(
      names.map((name) => tag(name)),
      undefined,
    )
    expect((await readAll(log)).map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  test('is compacted: one record per name, at its latest position', async () => {
    const { log } = freshLog()
    await log.append([tag('a')], undefined)
    const { position } = await log.append([tag('a')], undefined)
    expect(await readAll(log)).toEqual([{ scope: 'tag', mode: 'hard', name: 'a', position }])
  })

  test('pages a long history and misses nothing', async () => {
    const { log } = freshLog()
    const names = Array.from({ length: 12_000 }, (_, at) => `tag ${at}`)
    await log.append(
      names.map((name) => tag(name)),
      undefined,
    )
    expect(new Set((await readAll(log)).map(({ name }) => name))).toEqual(new Set(names))
  })

  test('is bounded by number: what it forgets raises the floor', async () => {
    const { log, keys } = freshLog({ maxLogRecords: 100 })
    const { position } = await log.append([tag('first')], undefined)
    for (let at = 0; at < 30; at += 1)
      await log.append(
        Array.from({ length: 10 }, (_, n) => tag(`${at} ${n}`)),
        undefined,
      )
    expect(await client.zcard(`${keys}:log`)).toBeLessThanOrEqual(110)
    expect((await log.sync(undefined)).floor).toBeGreaterThanOrEqual(position)
  })

  test('is bounded by age too: what it forgets raises the floor', async () => {
    const { log, keys } = freshLog()
    const { position } = await log.append([tag('old')], undefined)
    const longAgo = position - 400 * 24 * 3_600 * 1_000_000
    // The same record, as if from then.
    await client.zadd(`${keys}:log`, longAgo, 'Told')
    await client.hset(`${keys}:head`, 'floor', 0)
    await until('it is forgotten', async () => {
      await log.append([tag('new')], undefined)
      return (await client.zscore(`${keys}:log`, 'Told')) === null
    })
    const { floor, records } = await log.sync(undefined)
    expect(records.map(({ name }) => name)).toEqual(['new'])
    expect(floor).toBe(longAgo)
  })

  test('remembers the cursors of the last minute, and 256 in any case', async () => {
    const { log, keys } = freshLog()
    const { position } = await log.append([tag('a')], undefined)
    const old = Array.from({ length: 600 }, (_, at) => [position - 120_000_000 - at, `${at}`])
    await client.zadd(`${keys}:recent`, ...old.flat())
    await until('older ones are forgotten', async () => {
      await log.append([tag('a')], undefined)
      return (await client.zcard(`${keys}:recent`)) < 600
    })
    expect(await client.zcard(`${keys}:recent`)).toBeGreaterThanOrEqual(256)
  })

  test('that lost its head has a floor at now: nothing older counts as valid', async () => {
    const { log, keys } = freshLog()
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
  ] as const)('that lost its %s alone, as by eviction, has a floor at now too', async (part, record) => {
    const { log, keys } = freshLog()
    const { cursor, position } = await log.append([record], undefined)
    await client.del(`${keys}:${part}`)
    expect((await log.sync(cursor)).known).toBe(false)
    const page = await log.sync(undefined)
    expect(page.floor).toBeGreaterThan(position)
    expect(page.keysFloor).toBeGreaterThan(position)
    expect((await log.append([record], page.cursor)).known).toBe(true)
  })

  test('says when its server took over from another', async () => {
    const { log, keys } = freshLog()
    expect((await log.sync(undefined)).tookOverAt).toBe(0)
    await client.hset(`${keys}:head`, 'keeper', 'the server before')
    const { tookOverAt, now } = await log.sync(undefined)
    expect(Math.abs(now - tookOverAt)).toBeLessThan(100)
    expect((await log.sync(undefined)).tookOverAt).toBe(tookOverAt)
  })

  test('knows a cursor it gave, and not one from a history it lost', async () => {
    const { log, keys } = freshLog()
    await log.append([tag('a')], undefined)
    const copies = await Promise.all(
      ['head', 'log', 'recent'].map(
        async (part) => [part, await client.dumpBuffer(`${keys}:${part}`)] as const,
      ),
    )
    const { cursor } = await log.append([tag('lost')], undefined)
    expect((await log.sync(cursor)).known).toBe(true)
    for (const [part, copy] of copies) await client.restore(`${keys}:${part}`, 0, copy, 'REPLACE')
    expect((await log.sync(cursor)).known).toBe(false)
  })

  test('told again what it lost, puts it above, and what it recorded meanwhile too', async () => {
    const { log } = freshLog()
    const meanwhile = await log.append([tag('meanwhile')], undefined)
    const lost = { position: meanwhile.position + 5_000_000, nonce: 'lost' }
    const { position } = await log.reissue([tag('seen')], lost, 60_000)
    expect(position).toBeGreaterThan(lost.position)
    const records = await readAll(log)
    expect(records.map(({ name }) => name).sort()).toEqual(['meanwhile', 'seen'])
    expect(records.every((record) => record.position === position)).toBe(true)
  })

  test('told again after a burst of more names than a page holds, can still be read to its end', async () => {
    const { log } = freshLog()
    const names = Array.from({ length: 6_000 }, (_, at) => `tag ${at}`)
    const { position } = await log.append(
      names.map((name) => tag(name)),
      undefined,
    )
    await log.reissue([tag('seen')], { position: position + 1, nonce: 'lost' }, 60_000)
    const records = await readAll(log)
    expect(new Set(records.map(({ name }) => name))).toEqual(new Set([...names, 'seen']))
    expect(Math.min(...records.map((record) => record.position))).toBeGreaterThan(position + 1)
  })

  test('keeps nothing for good of links that came and went', async () => {
    const { log, keys } = freshLog({ keyRetention: '1ms' })
    const link = (scope: 'link' | 'unlink', at: number): Invalidation => ({
      scope,
      mode: 'hard',
      name: `child ${at}\u0000parent`,
    })
    for (let at = 0; at < 20; at += 1) {
      await log.append([link('link', at)], undefined)
      await log.append([link('unlink', at)], undefined)
    }
    await until('the last one is old', async () => {
      const { overdue } = await log.sync(undefined)
      if (overdue.length > 0) await log.forgetKeys(overdue)
      return (await client.zcard(`${keys}:keys`)) === 0
    })
    expect(await client.zcard(`${keys}:links`)).toBe(0)
  })

  describe('forgets records of keys', () => {
    const key = (name: string): Invalidation => ({ scope: 'key', mode: 'hard', name })

    test('only when it was told that what they end is gone', async () => {
      const { log } = freshLog({ keyRetention: '1ms' })
      const { position } = await log.append([key('a'), key('b')], undefined)
      await log.append([tag('later')], undefined)
      let handed: readonly LogRecord[] = []
      await until('they are handed out', async () => {
        handed = (await log.sync(undefined)).overdue
        return handed.length > 0
      })
      expect((await readAll(log)).filter(({ scope }) => scope === 'key')).toHaveLength(2)
      await log.forgetKeys(handed)
      const { records, keysFloor } = await log.sync(undefined)
      expect(records.map(({ name }) => name)).toEqual(['later'])
      expect(keysFloor).toBe(position)
    })

    test('that were not written again meanwhile', async () => {
      const { log } = freshLog({ maxLogRecords: 1 })
      await log.append([key('a')], undefined)
      const { overdue } = await log.sync(undefined)
      await log.append([key('a')], undefined)
      await log.forgetKeys(overdue)
      expect((await log.sync(undefined)).records).toHaveLength(1)
    })

    test('oldest first, whole positions, to one asker at a time', async () => {
      const { log } = freshLog({ maxLogRecords: 8 })
      for (const names of [['a'], ['b', 'c'], ['d', 'e', 'f']]) await log.append(names.map(key), undefined)
      expect((await log.sync(undefined)).overdue.map(({ name }) => name)).toEqual(['a'])
      expect((await log.sync(undefined)).overdue).toEqual([])
    })

    test('by raising the floor, where they are more than it may keep', async () => {
      const { log, keys } = freshLog({ maxLogRecords: 3 })
      for (let at = 0; at < 5; at += 1) await log.append([key(`k${at}`)], undefined)
      expect(await client.zcard(`${keys}:keys`)).toBe(3)
      const { floor, records } = await log.sync(undefined)
      expect(records.every(({ position }) => position > floor)).toBe(true)
    })
  })

  test('clearing drops older records and raises the floor', async () => {
    const { log } = freshLog()
    await log.append([tag('a')], undefined)
    const { position, floor } = await log.append([clear], undefined)
    expect(floor).toBe(position)
    expect(await readAll(log)).toEqual([{ ...clear, position }])
  })

  test('pushes each append with the cursor before it', async () => {
    const { log } = freshLog()
    const messages: LogMessage[] = []
    const stop = log.follow(
      (message) => messages.push(message),
      () => undefined,
    )
    const first = await log.append([tag('early')], undefined)
    await until('the subscription stands', async () => {
      await log.append([tag('probe')], undefined)
      return messages.length > 0
    })
    const { cursor } = await log.sync(undefined)
    await log.append([tag('a "quoted" name\n')], undefined)
    await until('the push arrives', () => messages.at(-1)?.records[0]?.name === 'a "quoted" name\n')
    expect(messages.at(-1)?.previous).toEqual(cursor)
    expect(first.position).toBeLessThan(cursor.position)
    stop()
  })
})

test('several caches on one client share one following connection', async () => {
  const before = (await server.command('CLIENT', 'LIST')).split('\n').length
  const logs = Array.from({ length: 5 }, () => freshLog().log)
  const stops = logs.map((log) =>
    log.follow(
      () => undefined,
      () => undefined,
    ),
  )
  await until(
    'they follow',
    async () => (await server.command('PUBSUB', 'CHANNELS', 'larder:*')).split('\n').length >= 5,
  )
  expect((await server.command('CLIENT', 'LIST')).split('\n').length - before).toBeLessThanOrEqual(1)
  for (const stop of stops) stop()
})

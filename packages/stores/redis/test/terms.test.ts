// needs: redis
import type { Cursor, Invalidation, InvalidationLog, LogRecord } from '@larder/core'
import { provideRedis } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { openStore } from './support/open-store'

// Without an append-only file, the log of a server that has just started counts as loaded from a snapshot.
const server = provideRedis(beforeAll, afterAll, { args: ['--appendonly', 'yes'] })
let client: Redis
let logCount = 0

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

function openLog(): { log: InvalidationLog; head: string; keys: string } {
  logCount += 1
  const name = `terms${logCount}`
  const keys = `larder:{${name}}`
  return { log: openStore(redisStore({ client }), name).log, keys, head: `${keys}:head` }
}

const tag = (name: string): Invalidation => ({ scope: 'tag', mode: 'hard', name })
const day = 86_400_000_000

/** Makes the log look as if another server had kept it until now. */
const takeOver = (head: string) => client.hset(head, 'server', 'the server before')

async function readToEnd(log: InvalidationLog): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  let cursor: Cursor | undefined
  for (;;) {
    const page = await log.sync(cursor)
    records.push(...page.records)
    cursor = page.cursor
    if (!page.more) return records
  }
}

describe('a server that takes over the log', () => {
  test('begins a term at the position that it finds, and keeps the records', async () => {
    const { log, head } = openLog()
    const { cursor, position, history } = await log.append([tag('a')], undefined)
    await takeOver(head)
    const page = await log.sync(cursor)
    expect(page).toMatchObject({ known: true, position, records: [] })
    expect(page.cursor.term).not.toBe(cursor.term)
    expect(page.history?.terms).toMatchObject([
      { ...history?.terms[0] },
      { id: page.cursor.term, from: position },
    ])
  })

  test('knows a cursor of the term before up to the position that it found, and none beyond', async () => {
    const { log, head } = openLog()
    const { cursor } = await log.append([tag('a')], undefined)
    await takeOver(head)
    await log.append([tag('b')], undefined)
    expect((await log.sync(cursor)).records.map(({ name }) => name)).toEqual(['b'])
    const beyond = await log.sync({ ...cursor, position: cursor.position + 1 })
    expect(beyond).toMatchObject({ known: false, records: [] })
    expect(beyond.history?.terms).toHaveLength(2)
  })

  test('tells when that was, on its own clock', async () => {
    const { log, head } = openLog()
    expect((await log.sync(undefined)).tookOverAt).toBe(0)
    await takeOver(head)
    const { tookOverAt, now } = await log.sync(undefined)
    expect(Math.abs(now - tookOverAt)).toBeLessThan(100)
    expect((await log.sync(undefined)).tookOverAt).toBe(tookOverAt)
  })

  test('counts as having just taken over, if its clock was ahead when it did', async () => {
    const { log, head } = openLog()
    await takeOver(head)
    const { now } = await log.sync(undefined)
    await client.hset(head, 'tookOverAt', (now + 600_000) * 1_000)
    const page = await log.sync(undefined)
    expect(page.tookOverAt).toBeLessThanOrEqual(page.now)
  })

  test.each([
    ['was last used over a minute ago', -61_000_000],
    ['was last used in the future', 5_000_000],
  ])('forgets everything if the log %s', async (_, distance) => {
    const { log, head } = openLog()
    const { position, now } = await log.append([tag('a')], undefined)
    await takeOver(head)
    await client.hset(head, 'beat', now * 1_000 + distance)
    const page = await log.sync(undefined)
    expect(page.floor).toBeGreaterThan(position)
    expect(page.keysFloor).toBe(page.floor)
  })

  test('remembers the last 32 terms', async () => {
    const { log, head } = openLog()
    const { cursor } = await log.append([tag('a')], undefined)
    for (let index = 0; index < 32; index += 1) {
      await takeOver(head)
      await log.sync(undefined)
    }
    const { known, history } = await log.sync(cursor)
    expect(history?.terms).toHaveLength(32)
    expect(known).toBe(false)
  })
})

describe('a log', () => {
  test('notes about each second that it is used', async () => {
    const { log, head } = openLog()
    const { now } = await log.sync(undefined)
    await client.hset(head, 'beat', (now - 2_000) * 1_000)
    await log.sync(undefined)
    expect(Number(await client.hget(head, 'beat'))).toBeGreaterThan((now - 1_000) * 1_000)
  })

  test('has another identity after it has lost a part', async () => {
    const { log, keys } = openLog()
    const { log: id, cursor } = await log.append([tag('a')], undefined)
    await client.del(`${keys}:log`)
    expect((await log.sync(cursor)).log).not.toBe(id)
  })

  test('begins anew if it stands more than a day ahead of the clock', async () => {
    const { log, head } = openLog()
    const { log: id, position } = await log.append([tag('a')], undefined)
    await client.hset(head, 'position', String(position + 2 * day))
    const page = await log.append([tag('b')], undefined)
    expect(page.log).not.toBe(id)
    expect(page.position).toBeLessThan(position + day)
  })

  test('that an earlier version has written begins anew', async () => {
    const { log, head, keys } = openLog()
    await client.zadd(`${keys}:log`, 5, 'Ta')
    await client.hset(head, { position: 5, nonce: 'n', floor: 1, keysFloor: 1, sizes: '1 0 0', keeper: 'k' })
    const { known, floor } = await log.sync({ position: 5, term: 1 })
    expect(known).toBe(false)
    expect(floor).toBeGreaterThan(5)
  })
})

describe('records that the log has lost', () => {
  test('are reissued above the lost position', async () => {
    const { log } = openLog()
    const { cursor } = await log.append([tag('a')], undefined)
    const above = cursor.position + 5_000_000
    const lost = { term: 7, position: above }
    const answer = await log.reissue([tag('lost')], { term: cursor.term, above, completes: [lost] })
    expect(answer).toEqual({ accepted: true, reissued: [lost] })
    const { position, records } = await log.sync(cursor)
    expect(position).toBeGreaterThan(above)
    expect(records.map(({ name }) => name)).toEqual(['lost'])
  })

  test('are not reissued in another term than the one they are meant for', async () => {
    const { log } = openLog()
    const { cursor } = await log.sync(undefined)
    const target = { term: cursor.term + 1, above: 0, completes: [{ term: 7, position: 1 }] }
    expect(await log.reissue([tag('lost')], target)).toEqual({ accepted: false, reissued: [] })
    expect(await readToEnd(log)).toEqual([])
  })

  test('leave the log unsettled until the last chunk of them', async () => {
    const { log } = openLog()
    const { cursor } = await log.sync(undefined)
    const target = { term: cursor.term, above: 0 }
    await log.reissue([tag('first')], { ...target, completes: [] })
    const { tookOverAt, history } = await log.sync(undefined)
    expect(tookOverAt).toBeGreaterThan(0)
    expect(history?.reissued).toEqual([])
    await log.reissue([tag('last')], { ...target, completes: [{ term: 7, position: 1 }] })
    expect((await log.sync(undefined)).history?.reissued).toEqual([{ term: 7, position: 1 }])
  })

  test('do not move the log further ahead than a day', async () => {
    const { log } = openLog()
    const { cursor } = await log.sync(undefined)
    const target = { term: cursor.term, above: Number.MAX_SAFE_INTEGER, completes: [] }
    await log.reissue([tag('lost')], target)
    expect((await log.sync(undefined)).position).toBeLessThan(cursor.position + day)
  })
})

// needs: redis
import { createCache, type Invalidation, systemClock } from '@larder/core'
import { provideRedis, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'

const server = provideRedis(beforeAll, afterAll)
let client: Redis

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

const maxLogRecords = 200
const nameOf = (test: string) => `families ${test}`

function openCache(name: string) {
  return createCache({ name, store: redisStore({ client, maxLogRecords }), ttl: '1h', storeTimeout: '1m' })
}

/** The log of the cache, with this tag separator. */
function openLog(name: string, tagSeparator: string | undefined, maxRecords = maxLogRecords) {
  const context = {
    name,
    clock: systemClock,
    tagSeparator,
    report: () => undefined,
    evicted: () => undefined,
  }
  const { log } = redisStore({ client, maxLogRecords: maxRecords }).open(context)
  if (log === undefined) throw new Error('A Redis store must have a log.')
  return log
}

const inventedTags = (count: number, mode: 'hard' | 'soft' = 'hard') =>
  Array.from({ length: count }, (_, index): Invalidation => ({ scope: 'tag', mode, name: `search:${index}` }))

describe('more invalidated tags than the log holds', () => {
  test('below one tag leave entries with other tags alone, also in processes that start later', async () => {
    const name = nameOf('others')
    await using cache = openCache(name)
    await cache.setMany([['product', 1]], { tags: ['product:1'] })
    await cache.setMany([['found', 1]], { tags: ['search:never invalidated'] })
    for (let round = 0; round < 5; round += 1)
      await cache.invalidate(...inventedTags(1_000).map((tag) => `${tag.name} ${round}`))
    expect(await cache.get('product')).toBe(1)
    await using other = openCache(name)
    expect(await other.get('product')).toBe(1)
    expect(await other.get('found')).toBeUndefined()
    await other.invalidate('product:1')
    expect(await other.get('product')).toBeUndefined()
  })

  test('stay within the number of records, and are replaced by the tag above them, hard and soft', async () => {
    const log = openLog(nameOf('kinds'), ':')
    await log.append(inventedTags(500, 'soft'), undefined)
    const { position } = await log.append(inventedTags(500), undefined)
    const { records, floor } = await log.sync(undefined)
    expect(records.length).toBeLessThanOrEqual(maxLogRecords)
    expect(floor).toBeLessThan(records[0]?.position ?? 0)
    const modes = records.filter((record) => record.name === 'search').map(({ mode }) => mode)
    expect(modes.toSorted()).toEqual(['hard', 'soft'])
    expect(records.find(({ name, mode }) => name === 'search' && mode === 'hard')?.position).toBe(position)
  })

  test.each([
    ['that have nothing in common', ':', 'search '],
    ['of processes without a hierarchy', '', 'search:'],
    ['of a caller that does not know the separator', undefined, 'search:'],
  ])('%s raise the floor', async (what, separator, prefix) => {
    const log = openLog(nameOf(what), separator)
    const before = await log.sync(undefined)
    const tags = inventedTags(500).map((tag) => ({ ...tag, name: tag.name.replace('search:', prefix) }))
    const { position } = await log.append(tags, undefined)
    const { floor } = await log.sync(undefined)
    expect(floor).toBeGreaterThan(before.floor)
    expect(floor).toBe(position)
  })
})

test('long names leave space for fewer records on the log, and are read in more pages', async () => {
  const name = nameOf('long')
  const log = openLog(name, ':', 4_000)
  const padding = 'x'.repeat(500)
  const space = (4_000 * 128) / padding.length
  const appendNames = async (prefix: string) => {
    for (let round = 0; round < 8; round += 1)
      await log.append(
        Array.from({ length: 100 }, (_, index) => ({
          scope: 'tag',
          mode: 'hard',
          name: `search:${prefix} ${round} ${index} ${padding}`,
        })),
        undefined,
      )
  }
  // Eight hundred names have space, whether the log has measured them already or not.
  await appendNames('first')
  const first = await log.sync(undefined)
  expect(first.more).toBe(true)
  expect(first.records).toHaveLength(500)
  await appendNames('second')
  await until('the log has measured its names', async () => {
    await log.append([{ scope: 'tag', mode: 'hard', name: 'search:last' }], undefined)
    return (await client.zcard(`larder:{${encodeURIComponent(name)}}:log`)) <= space
  })
  expect((await log.sync(undefined)).floor).toBe(first.floor)
})

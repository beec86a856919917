// needs: redis
import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { provideRedis, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'

const tags = Array.from({ length: 10 }, (_, index) => `tag:${index}`)
const server = provideRedis(beforeAll, afterAll)
let cache: Cache

beforeEach(async () => {
  // A long interval, so that no background sync runs between two counts.
  cache = createCache({
    name: 'count',
    store: redisStore({ url: server.url }),
    maxStaleness: '1h',
    syncInterval: '30m',
  })
  await cache.clear()
  await cache.set('warm-up', 1)
  await cache.delete('warm-up')
  for (const key of ['warm-up', 'warm-up-2']) await cache.getOrCompute(key, () => 1)
  return () => cache.close()
})

/** Counts the scripts and MGETs that the server ran during `work`. Scripts call neither. */
async function countCommands(work: () => Promise<unknown>): Promise<{ scripts: number; mget: number }> {
  const readCounts = async () => {
    const { evalsha = 0, eval: evals = 0, mget = 0 } = await server.commands()
    return { scripts: evalsha + evals, mget }
  }
  const before = await readCounts()
  await work()
  const after = await readCounts()
  return { scripts: after.scripts - before.scripts, mget: after.mget - before.mget }
}

describe('the commands sent for an operation', () => {
  test('are one GET for a hit with ten tags', async () => {
    await cache.set('k', 'value', { tags })
    const before = (await server.commands()).get ?? 0
    const scripts = await countCommands(async () => expect(await cache.get('k')).toBe('value'))
    expect(((await server.commands()).get ?? 0) - before).toBe(1)
    expect(scripts).toEqual({ scripts: 0, mget: 0 })
  })

  test('are three round trips for a miss: a read, a lease, and a write', async () => {
    const before = (await server.commands()).get ?? 0
    const scripts = await countCommands(async () => {
      await cache.getOrCompute('missing', () => 1, { tags })
      await until(
        'the entry is stored',
        async () => (await server.command('EXISTS', 'larder:count:{k:missing}')) === '1',
      )
    })
    expect(scripts).toEqual({ scripts: 2, mget: 0 })
    // One GET by the client, two by the lease script (the entry and the holder), and one by the write script (the holder).
    expect(((await server.commands()).get ?? 0) - before).toBe(4)
  })

  test('are one script for an invalidation of ten tags', async () => {
    expect(await countCommands(() => cache.invalidate(tags))).toEqual({ scripts: 1, mget: 0 })
  })

  test('are one MGET for getMany with a hundred keys', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `many ${index}`)
    await cache.setMany(keys.map((key) => [key, key]))
    expect(await countCommands(async () => expect(await cache.getMany(keys)).toEqual(keys))).toEqual({
      scripts: 0,
      mget: 1,
    })
  })

  test('are four MGETs of at most 32 keys for a hundred gets in one tick', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `many ${index}`)
    await cache.setMany(keys.map((key) => [key, key]))
    const work = async () => expect(await Promise.all(keys.map((key) => cache.get(key)))).toEqual(keys)
    expect(await countCommands(work)).toEqual({ scripts: 0, mget: 4 })
  })

  test('are not sent for a memory hit in a tiered store', async () => {
    const store = tieredStore([memoryStore(), redisStore({ url: server.url })])
    await using tiered = createCache({
      name: 'count',
      store,
      maxStaleness: '1h',
      syncInterval: '30m',
    })
    await tiered.set('k', 1, { tags })
    const before = await server.commands()
    for (let index = 0; index < 100; index += 1) await tiered.get('k')
    const after = await server.commands()
    expect([after.get, after.evalsha]).toEqual([before.get, before.evalsha])
  })
})

test('every key except the log expires, and the store never sends KEYS or a flush', async () => {
  await cache.set('a', 1, { ttl: Number.POSITIVE_INFINITY, tags })
  await cache.delete('a')
  await cache.getOrCompute('b', () => 2, { ttl: Number.POSITIVE_INFINITY })
  await until(
    'the entry is stored',
    async () => (await server.command('EXISTS', 'larder:count:{k:b}')) === '1',
  )
  await cache.sweep()
  const names = (await server.command('KEYS', '*')).split('\n')
  for (const name of names.filter((found) => !found.includes('{count}')))
    expect(Number(await server.command('TTL', name))).toBeGreaterThan(0)
  const used = await server.commands()
  expect(used.flushdb ?? used.flushall).toBeUndefined()
  expect(used.keys).toBe(1)
})

test('a sweep removes the entries that an invalidation made unservable, and keeps the others', async () => {
  await cache.sweep()
  await cache.setMany(
    Array.from({ length: 50 }, (_, index) => [`dead ${index}`, index]),
    { tags: ['dead'] },
  )
  await cache.set('alive', 1)
  await cache.invalidate('dead')
  expect(await cache.sweep()).toBe(50)
  expect(await cache.get('alive')).toBe(1)
  expect(await server.command('EXISTS', 'larder:count:{k:dead 1}')).toBe('0')
})

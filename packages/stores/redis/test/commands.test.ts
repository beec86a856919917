import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { unhurried } from './support/unhurried'

const tags = Array.from({ length: 10 }, (_, at) => `tag:${at}`)
let server: RedisServer
let cache: Cache

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())

beforeEach(async () => {
  // A long interval, so that no sync of its own falls between two counts.
  cache = createCache({
    name: 'count',
    store: redisStore({ url: server.url }),
    maxStaleness: '1h',
    syncInterval: '30m',
    ...unhurried,
  })
  await cache.clear()
  await cache.set('warm-up', 1)
  await cache.delete('warm-up')
  for (const key of ['warm-up', 'warm-up-2']) await cache.getOrCompute(key, () => 1)
  return () => cache.close()
})

/** How often scripts and MGET were run while `work` ran: neither is called by a script. */
async function sent(work: () => Promise<unknown>): Promise<{ scripts: number; mget: number }> {
  const count = async () => {
    const { evalsha = 0, eval: whole = 0, mget = 0 } = await server.commands()
    return { scripts: evalsha + whole, mget }
  }
  const before = await count()
  await work()
  const after = await count()
  return { scripts: after.scripts - before.scripts, mget: after.mget - before.mget }
}

describe('commands per operation', () => {
  test('a hit with ten tags is one GET', async () => {
    await cache.set('k', 'value', { tags })
    const before = (await server.commands()).get ?? 0
    const scripts = await sent(async () => expect(await cache.get('k')).toBe('value'))
    expect(((await server.commands()).get ?? 0) - before).toBe(1)
    expect(scripts).toEqual({ scripts: 0, mget: 0 })
  })

  test('a miss is a look-up, a lease, and a write: three round trips', async () => {
    const before = (await server.commands()).get ?? 0
    const scripts = await sent(async () => {
      await cache.getOrCompute('missing', () => 1, { tags })
      await until(
        'it is stored',
        async () => (await server.command('EXISTS', 'larder:count:{k:missing}')) === '1',
      )
    })
    expect(scripts).toEqual({ scripts: 2, mget: 0 })
    // One GET of its own; the lease's script asks for the entry and the holder, the write's for the holder.
    expect(((await server.commands()).get ?? 0) - before).toBe(4)
  })

  test('invalidating ten tags is one script', async () => {
    expect(await sent(() => cache.invalidate(tags))).toEqual({ scripts: 1, mget: 0 })
  })

  test('reading a hundred keys is one MGET', async () => {
    const keys = Array.from({ length: 100 }, (_, at) => `many ${at}`)
    await cache.setMany(keys.map((key) => [key, key]))
    expect(await sent(async () => expect(await cache.getMany(keys)).toEqual(keys))).toEqual({
      scripts: 0,
      mget: 1,
    })
  })

  test('a hundred callers with a key each, in one turn, are four MGETs of 32 keys at most', async () => {
    const keys = Array.from({ length: 100 }, (_, at) => `many ${at}`)
    await cache.setMany(keys.map((key) => [key, key]))
    const work = async () => expect(await Promise.all(keys.map((key) => cache.get(key)))).toEqual(keys)
    expect(await sent(work)).toEqual({ scripts: 0, mget: 4 })
  })

  test('a memory hit before Redis is none', async () => {
    const store = tieredStore([memoryStore(), redisStore({ url: server.url })])
    await using tiered = createCache({
      name: 'count',
      store,
      maxStaleness: '1h',
      syncInterval: '30m',
      ...unhurried,
    })
    await tiered.set('k', 1, { tags })
    const before = await server.commands()
    for (let at = 0; at < 100; at += 1) await tiered.get('k')
    const after = await server.commands()
    expect([after.get, after.evalsha]).toEqual([before.get, before.evalsha])
  })
})

test('nothing is kept without an expiry but the log, and nothing asks for all keys', async () => {
  await cache.set('a', 1, { ttl: Number.POSITIVE_INFINITY, tags })
  await cache.delete('a')
  await cache.getOrCompute('b', () => 2, { ttl: Number.POSITIVE_INFINITY })
  await until('it is stored', async () => (await server.command('EXISTS', 'larder:count:{k:b}')) === '1')
  await cache.sweep()
  const names = (await server.command('KEYS', '*')).split('\n')
  for (const name of names.filter((found) => !found.includes('{count}')))
    expect(Number(await server.command('TTL', name))).toBeGreaterThan(0)
  const used = await server.commands()
  expect(used.flushdb ?? used.flushall).toBeUndefined()
  expect(used.keys).toBe(1)
})

test('sweeping removes what can never be served again', async () => {
  await cache.sweep()
  await cache.setMany(
    Array.from({ length: 50 }, (_, at) => [`dead ${at}`, at]),
    { tags: ['dead'] },
  )
  await cache.set('alive', 1)
  await cache.invalidate('dead')
  expect(await cache.sweep()).toBe(50)
  expect(await cache.get('alive')).toBe(1)
  expect(await server.command('EXISTS', 'larder:count:{k:dead 1}')).toBe('0')
})

import { type Cache, createCache } from '@larder/core'
import { redisStore } from '@larder/redis'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FaultyStore, faultyStore } from '../../src/index'

let server: RedisServer
let client: Redis
let faulty: FaultyStore
let cache: Cache
let names = 0

beforeAll(async () => {
  server = await startRedis()
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
  await server.close()
})

beforeEach(async () => {
  names += 1
  faulty = faultyStore(redisStore({ client }))
  cache = createCache({ name: `faulty ${names}`, store: faulty.store, storeTimeout: 200 })
  await cache.set('k', 1, { tags: ['t'] })
})

afterEach(() => cache.close())

test('without faults the store is what it was', async () => {
  expect(await cache.get('k')).toBe(1)
  expect((await cache.invalidate('t')).outcome).toBe('applied')
  expect(await cache.get('k')).toBeUndefined()
})

test.each(['fail', 'hang'] as const)('entries that %s are computed anew', async (mode) => {
  faulty.entries.mode = faulty.leases.mode = mode
  await using newcomer = createCache({ name: cache.name, store: faulty.store, storeTimeout: 200 })
  expect(await newcomer.getOrCompute('k', () => 2)).toBe(2)
})

test('an invalidation whose answer is lost is on the log all the same', async () => {
  faulty.log.mode = 'lose'
  expect((await cache.invalidate('t')).outcome).toBe('queued')
  await using other = createCache({ name: cache.name, store: redisStore({ client }) })
  await until('another process knows of it', async () => (await other.get('k')) === undefined)
})

test('an answer that comes late was acted on in time', async () => {
  faulty.log.lateness = 10_000
  expect((await cache.invalidate('t')).outcome).toBe('queued')
  await using other = createCache({ name: cache.name, store: redisStore({ client }) })
  await until('another process knows of it', async () => (await other.get('k')) === undefined)
})

test('calls under way are lost with the connection', async () => {
  faulty.log.latency = 10_000
  const invalidating = cache.invalidate('t')
  faulty.disconnect()
  expect((await invalidating).outcome).toBe('queued')
})

test('an entry that is evicted is computed anew', async () => {
  await faulty.evict('k')
  expect(await cache.getOrCompute('k', () => 2)).toBe(2)
})

test('leases that fail cost nothing but a second computation', async () => {
  faulty.leases.mode = 'fail'
  expect(await cache.getOrCompute('other', () => 2)).toBe(2)
})

test('a process that hears nothing learns from the log', async () => {
  faulty.isDeaf = true
  await using other = createCache({ name: cache.name, store: redisStore({ client }) })
  await other.invalidate('t')
  await until('it has read on', async () => (await cache.get('k')) === undefined)
})

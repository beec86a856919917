// needs: redis
import { type Cache, createCache, type OpenSharedStore, type Store } from '@larder/core'
import { redisStore } from '@larder/redis'
import { provideRedis, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FaultyStore, faultyStore } from '../../src/index'

const server = provideRedis(beforeAll, afterAll)
let client: Redis
let faulty: FaultyStore
let cache: Cache
let names = 0

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

beforeEach(async () => {
  names += 1
  faulty = faultyStore(redisStore({ client }))
  cache = createCache({ name: `faulty ${names}`, store: faulty.store, storeTimeout: 200 })
  await cache.set('k', 1, { tags: ['t'] })
})

afterEach(() => cache.close())

test('a faulty store without faults behaves like the store it wraps', async () => {
  expect(await cache.get('k')).toBe(1)
  expect((await cache.invalidate('t')).outcome).toBe('applied')
  expect(await cache.get('k')).toBeUndefined()
})

test.each(['fail', 'hang'] as const)(
  'calls of the entries that %s lead to a new computation',
  async (mode) => {
    faulty.entries.mode = faulty.leases.mode = mode
    await using newcomer = createCache({ name: cache.name, store: faulty.store, storeTimeout: 200 })
    expect(await newcomer.getOrCompute('k', () => 2)).toBe(2)
  },
)

test('an invalidation whose reply is lost is recorded in the log', async () => {
  faulty.log.mode = 'lose'
  expect((await cache.invalidate('t')).outcome).toBe('queued')
  await using other = createCache({ name: cache.name, store: redisStore({ client }) })
  await until('another process knows of it', async () => (await other.get('k')) === undefined)
})

test('an invalidation whose reply is late takes effect at once', async () => {
  faulty.log.replyLatency = 10_000
  expect((await cache.invalidate('t')).outcome).toBe('queued')
  await using other = createCache({ name: cache.name, store: redisStore({ client }) })
  await until('another process knows of it', async () => (await other.get('k')) === undefined)
})

test('disconnect rejects pending calls', async () => {
  faulty.log.requestLatency = 10_000
  const invalidating = cache.invalidate('t')
  faulty.disconnect()
  expect((await invalidating).outcome).toBe('queued')
})

test('an evicted entry is computed again', async () => {
  await faulty.evictEntry('k')
  expect(await cache.getOrCompute('k', () => 2)).toBe(2)
})

test('a failing lease does not fail the read', async () => {
  faulty.leases.mode = 'fail'
  expect(await cache.getOrCompute('other', () => 2)).toBe(2)
})

test('a process whose pushed messages are lost reads the invalidation from the log', async () => {
  faulty.dropsMessages = true
  await using other = createCache({ name: cache.name, store: redisStore({ client }) })
  await other.invalidate('t')
  await until('the cache has read the log', async () => (await cache.get('k')) === undefined)
})

test('a store of class instances, whose methods are inherited, can be wrapped', async () => {
  const store = redisStore({ client })
  const inherited = <T extends object>(part: T): T => Object.create(part) as T
  const classStore: Store = {
    open(context) {
      const opened = store.open(context) as OpenSharedStore
      const { shared, log, leases } = opened
      return inherited({
        shared: shared.map(inherited),
        log: inherited(log),
        leases: leases && inherited(leases),
        close: () => opened.close(),
      })
    },
  }
  const { store: wrapped } = faultyStore(classStore)
  await using own = createCache({ name: `class ${names}`, store: wrapped })
  expect(await own.getOrCompute('k', () => 1)).toBe(1)
  await own.set('k', 2)
  expect(await own.get('k')).toBe(2)
  expect((await own.keys()).keys).toHaveLength(1)
})

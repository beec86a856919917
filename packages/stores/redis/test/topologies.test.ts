import { type Cache, type CacheOptions, createCache, type Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import {
  measureOwnTime,
  type RedisServer,
  startCluster,
  startSecureRedis,
  startSentinels,
  until,
} from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { Cluster, Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { open } from './support/open'
import { unhurried } from './support/unhurried'

/** Once a second, and for records that are older than any entry. */
const neededLater = ['zcount', 'zremrangebyrank']
/** What the adapter sends, and what its scripts call: nothing else is needed. */
const neededCommands = [
  ...['hello', 'auth', 'info', 'subscribe', 'unsubscribe', 'publish', 'eval', 'evalsha', 'time'],
  ...['get', 'mget', 'getrange', 'set', 'del', 'unlink', 'pexpire', 'scan', 'hmget', 'hset', 'zadd', 'zrem'],
  ...['zcard', 'zscore', 'zpopmin', 'zrangebyscore', ...neededLater],
]
const neededRights = ['~larder:*', '&larder:*', '-@all', ...neededCommands.map((name) => `+${name}`)]

const cacheOn = (store: Store, options: Partial<CacheOptions> = {}) =>
  createCache({ name: 'topologies', store, storeTimeout: 200, circuitPause: 200, ttl: '1h', ...options })

let probes = 0

/** Everything works: a computation under a lease, a hit, an invalidation that is applied. */
async function expectEverything(cache: Cache): Promise<void> {
  probes += 1
  const key = `probe ${probes}`
  const compute = () => `value ${probes}`
  expect(await cache.getOrCompute(key, compute, { tags: [key] })).toBe(compute())
  await until('the value is stored', async () => (await cache.get(key)) === compute())
  expect((await cache.invalidate(key)).outcome).toBe('applied')
  expect(await cache.get(key)).toBeUndefined()
  await cache.setMany([1, 2, 3, 4, 5, 6].map((n) => [`${key} ${n}`, n]))
  expect(await cache.getMany([1, 2, 3, 4, 5, 6].map((n) => `${key} ${n}`))).toEqual([1, 2, 3, 4, 5, 6])
  expect((await cache.deleteMany([`${key} 1`, `${key} 2`])).outcome).toBe('applied')
}

async function isWorking(cache: Cache): Promise<boolean> {
  await expectEverything(cache)
  return cache.stats().circuits.every(({ state }) => state === 'closed')
}

/** A computation that takes long has its lease renewed. */
async function expectRenewal(store: Store): Promise<void> {
  const { leases, close } = open(store)
  const answer = await leases.acquire({ key: 'k', asOf: 1, notBefore: 0, known: undefined, ttl: 1_000 })
  if (answer.outcome !== 'granted') throw new Error('The lease is free.')
  expect(await answer.lease.renew(1_000)).toBe(true)
  await answer.lease.release()
  await close()
}

/** Calls through a failover: each is answered, right and in time. */
async function callThrough(cache: Cache, fault: () => Promise<void>): Promise<void> {
  await fault()
  for (let at = 0; at < 20; at += 1) {
    const { value, took } = await measureOwnTime(() => cache.getOrCompute(`during ${at}`, async () => at))
    expect(value).toBe(at)
    expect(took).toBeLessThan(900)
  }
}

describe('with password, ACL and TLS', () => {
  test('everything works for a user with no more rights than the list in the README', async () => {
    await using server = await startSecureRedis([...neededRights])
    const tls = { ca: server.ca }
    const client = new Redis(server.port, '127.0.0.1', {
      username: server.username,
      password: server.password,
      tls,
    })
    const store = redisStore({ client, maxLogRecords: 1, keyRetention: '1ms' })
    const cache = cacheOn(store, unhurried)
    const errors: unknown[] = []
    cache.on('error', ({ error }) => errors.push(error))
    await expectEverything(cache)
    await cache.link('child', 'parent')
    await cache.unlink('child', 'parent')
    expect((await cache.clear()).outcome).toBe('applied')
    await cache.sweep()
    await expectRenewal(store)
    await cache.close()
    expect(errors).toEqual([])
    const atOnce = (names: string[]) => names.filter((name) => !neededLater.includes(name)).toSorted()
    expect(atOnce(Object.keys(await server.commands()))).toEqual(atOnce(neededCommands))
    client.disconnect()
  })
})

describe('behind Sentinels', () => {
  test('a primary that is killed costs no call, and what was invalidated stays so', async () => {
    await using topology = await startSentinels()
    const client = new Redis({
      sentinels: [...topology.sentinels],
      name: topology.name,
      sentinelRetryStrategy: () => 100,
      retryStrategy: () => 50,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
    })
    client.on('error', () => undefined)
    await using cache = cacheOn(tieredStore([memoryStore(), redisStore({ client })]))
    await until('the cache is up', () => isWorking(cache))
    await cache.set('k', 'old', { tags: ['t'] })
    await cache.invalidate('t')
    const before = await topology.primary()
    await callThrough(cache, () => before.kill())
    await until('another server is the primary', async () => (await topology.primary()).port !== before.port)
    await until('the cache works with it', () => isWorking(cache))
    expect(await cache.get('k')).toBeUndefined()
    client.disconnect()
  })
})

describe('on a Cluster', () => {
  const user = { username: 'larder', password: 'secret' }
  const rights = [...neededRights, '+cluster|slots', '+cluster|info']

  const clientOf = (nodes: readonly RedisServer[], credentials: Partial<typeof user> = {}) =>
    new Cluster(
      nodes.map(({ host, port }) => ({ host, port })),
      {
        enableOfflineQueue: false,
        clusterRetryStrategy: () => 100,
        slotsRefreshTimeout: 500,
        redisOptions: { ...credentials, maxRetriesPerRequest: 0, connectTimeout: 500 },
      },
    )

  test('everything works with as few rights, in the process that invalidates and in another', async () => {
    await using cluster = await startCluster()
    for (const node of cluster.nodes)
      await node.command('ACL', 'SETUSER', user.username, 'on', `>${user.password}`, ...rights)
    const clients = [clientOf(cluster.nodes, user), clientOf(cluster.nodes, user)]
    const [a, b] = clients.map((client) => cacheOn(tieredStore([memoryStore(), redisStore({ client })]))) as [
      Cache,
      Cache,
    ]
    await until('both are up', async () => (await isWorking(a)) && (await isWorking(b)))
    await until('the other process has it', async () => {
      await a.set('k', 'old', { tags: ['t'] })
      return (await b.get('k')) === 'old'
    })
    await a.invalidate('t')
    await until('it has heard', async () => (await b.get('k')) === undefined)

    // The node that keeps the log dies.
    const owner = await cluster.primaryOf('larder:{topologies}:log')
    await a.set('k', 'older', { tags: ['t'] })
    await callThrough(a, () => owner.kill())
    expect(['applied', 'queued']).toContain((await a.invalidate('t')).outcome)
    expect(await a.get('k')).toBeUndefined()
    await until('both work again', async () => (await isWorking(a)) && (await isWorking(b)), 30_000)
    await until('nothing waits any more', () => a.stats().outbox === 0)
    expect(await b.get('k')).toBeUndefined()
    await Promise.all([a.close(), b.close()])
    for (const client of clients) client.disconnect()
  })

  test('a client that hangs in closing, because a late redirection added a node, is pushed until it is back', async () => {
    await using cluster = await startCluster({ replicas: 0 })
    const client = clientOf(cluster.nodes)
    client.on('error', () => undefined)
    await using cache = cacheOn(redisStore({ client }))
    await until('it is up', () => isWorking(cache))
    client.disconnect(true)
    const { connectionPool } = client as unknown as { connectionPool: { findOrCreate(node: object): void } }
    connectionPool.findOrCreate({ host: '127.0.0.1', port: 1 })
    await until('it is back', async () => (await cache.set('k', 1)).outcome === 'applied')
    await until('it works', () => isWorking(cache))
    client.disconnect()
  })
})

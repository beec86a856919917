// needs: redis, openssl
import type { Cache, Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type RedisServer, startCluster, startSecureRedis, startSentinels, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { Cluster, Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { redisStore, requiredCommands } from '../src/index'
import { openStore } from './support/open-store'
import { cacheOn, expectEverything, expectServiceDuring, worksFully } from './support/topologies'

/** Commands that are sent only when the log was taken over, or for records that are older than any entry. */
const rareCommands = ['hget', 'zremrangebyrank']
const commandNames = requiredCommands.filter(({ use }) => use !== 'cluster').map(({ name }) => name)
const clusterCommandNames = requiredCommands.filter(({ use }) => use === 'cluster').map(({ name }) => name)
const leastRights = ['~larder:*', '&larder:*', '-@all', ...commandNames.map((name) => `+${name}`)]

/** Expects a lease to be renewable, as during a long computation. */
async function expectRenewal(store: Store): Promise<void> {
  const { leases, close } = openStore(store)
  const attempt = await leases.acquire({ key: 'k', asOf: 1, notBefore: 0, known: undefined, ttl: 1_000 })
  if (attempt.outcome !== 'granted') throw new Error(`The lease must be granted; it is ${attempt.outcome}.`)
  expect(await attempt.lease.renew(1_000)).toBe(true)
  await attempt.lease.release()
  await close()
}

describe('with password, ACL and TLS', () => {
  test('a user with only the rights in the README can use every feature of the cache', async () => {
    await using server = await startSecureRedis([...leastRights])
    const tls = { ca: server.ca }
    const client = new Redis(server.port, '127.0.0.1', {
      username: server.username,
      password: server.password,
      tls,
    })
    const store = redisStore({ client, maxLogRecords: 1, keyRetention: '1ms' })
    const cache = cacheOn(store)
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
    const withoutRare = (names: string[]) => names.filter((name) => !rareCommands.includes(name)).toSorted()
    expect(withoutRare(Object.keys(await server.commands()))).toEqual(withoutRare(commandNames))
    client.disconnect()
  })
})

describe('behind Sentinels', () => {
  test('no call fails when the primary is killed, and an invalidated entry is not served by the new primary', async () => {
    await using topology = await startSentinels()
    const client = new Redis({
      sentinels: [...topology.sentinels],
      failoverDetector: true,
      name: topology.name,
      sentinelRetryStrategy: () => 100,
      retryStrategy: () => 50,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
    })
    client.on('error', () => undefined)
    await using cache = cacheOn(tieredStore([memoryStore(), redisStore({ client })]))
    await until('the cache works', () => worksFully(cache))
    await cache.set('k', 'old', { tags: ['t'] })
    await cache.invalidate('t')
    const oldPrimary = await topology.primary()
    await expectServiceDuring(cache, () => oldPrimary.kill())
    await until(
      'another server is the primary',
      async () => (await topology.primary()).port !== oldPrimary.port,
    )
    await until('the cache works with the new primary', () => worksFully(cache))
    expect(await cache.get('k')).toBeUndefined()
    client.disconnect()
  })

  test('a client that learns of a switch while it connects is connected again', async () => {
    await using topology = await startSentinels()
    const client = new Redis({
      sentinels: [...topology.sentinels],
      failoverDetector: true,
      name: topology.name,
      retryStrategy: () => 50,
      maxRetriesPerRequest: 0,
    })
    client.on('error', () => undefined)
    await using cache = cacheOn(redisStore({ client }))
    await until('the cache works', () => worksFully(cache))
    const { connector } = client as unknown as { connector: { disconnect(): void } }
    const interrupted = new Promise((resolve) => client.once('end', resolve))
    // The detector closes the connector when a Sentinel reports a switch.
    client.once('connecting', () => connector.disconnect())
    client.disconnect(true)
    await interrupted
    await until('the cache works again', () => worksFully(cache))
    client.disconnect()
  })
})

describe('on a Cluster', () => {
  const user = { username: 'larder', password: 'secret' }
  const rights = [...leastRights, ...clusterCommandNames.map((name) => `+${name}`)]

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

  test('a user with only the rights in the README can use two caches, also while the node with the log is killed', async () => {
    await using cluster = await startCluster()
    for (const node of cluster.nodes)
      await node.command('ACL', 'SETUSER', user.username, 'on', `>${user.password}`, ...rights)
    const clients = [clientOf(cluster.nodes, user), clientOf(cluster.nodes, user)]
    const [a, b] = clients.map((client) => cacheOn(tieredStore([memoryStore(), redisStore({ client })]))) as [
      Cache,
      Cache,
    ]
    await until('both caches work', async () => (await worksFully(a)) && (await worksFully(b)))
    await until('the other process has the entry', async () => {
      await a.set('k', 'old', { tags: ['t'] })
      return (await b.get('k')) === 'old'
    })
    await a.invalidate('t')
    await until(
      'the other process has applied the invalidation',
      async () => (await b.get('k')) === undefined,
    )

    // Kill the node that stores the log.
    const owner = await cluster.primaryOf('larder:{topologies}:log')
    await a.set('k', 'older', { tags: ['t'] })
    await expectServiceDuring(a, () => owner.kill())
    expect(['applied', 'queued']).toContain((await a.invalidate('t')).outcome)
    expect(await a.get('k')).toBeUndefined()
    await until('both caches work again', async () => (await worksFully(a)) && (await worksFully(b)), 30_000)
    await until('the outbox is empty', () => a.stats().outbox === 0)
    expect(await b.get('k')).toBeUndefined()
    await Promise.all([a.close(), b.close()])
    for (const client of clients) client.disconnect()
  })

  test('a client that hangs while disconnecting, because a late redirection added a node, is reconnected', async () => {
    await using cluster = await startCluster({ replicas: 0 })
    const client = clientOf(cluster.nodes)
    client.on('error', () => undefined)
    await using cache = cacheOn(redisStore({ client }))
    await until('the cache works', () => worksFully(cache))
    client.disconnect(true)
    const { connectionPool } = client as unknown as { connectionPool: { findOrCreate(node: object): void } }
    connectionPool.findOrCreate({ host: '127.0.0.1', port: 1 })
    await until('the cache writes again', async () => (await cache.set('k', 1)).outcome === 'applied')
    await until('the cache works', () => worksFully(cache))
    client.disconnect()
  })
})

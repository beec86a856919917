// needs: redis
// tier: long
import type { Cache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { startCluster, startSentinels, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { createCluster, createSentinel } from 'redis'
import { createCluster as createCluster5 } from 'redis-5'
import { expect, test } from 'vitest'
import { type NodeRedisClient, redisStore } from '../src/index'
import { cacheOn, expectServiceDuring, worksFully } from './support/topologies'

test('with createSentinel, no call fails when the primary is killed, and an invalidation before it holds', async () => {
  await using topology = await startSentinels()
  const client = createSentinel({ name: topology.name, sentinelRootNodes: [...topology.sentinels] })
  await using cache = cacheOn(tieredStore([memoryStore(), redisStore({ client })]))
  await until('the cache works', () => worksFully(cache))
  await cache.set('k', 'old', { tags: ['t'] })
  await cache.invalidate('t')
  const primary = await topology.primary()
  await expectServiceDuring(cache, () => primary.kill())
  await until('another server is the primary', async () => (await topology.primary()).port !== primary.port)
  await until('the cache works with the new primary', () => worksFully(cache))
  expect(await cache.get('k')).toBeUndefined()
})

const clusterClients: [name: string, create: (nodes: { url: string }[]) => NodeRedisClient][] = [
  ['node-redis 5', (rootNodes) => createCluster5({ rootNodes })],
  ['node-redis 6', (rootNodes) => createCluster({ rootNodes })],
]

test.each(clusterClients)(
  'with createCluster of %s, no call fails when the node with the log is killed',
  async (_, create) => {
    await using cluster = await startCluster()
    const rootNodes = cluster.nodes.map(({ url }) => ({ url }))
    const openCache = () => cacheOn(tieredStore([memoryStore(), redisStore({ client: create(rootNodes) })]))
    const [a, b] = [openCache(), openCache()] as [Cache, Cache]
    await until('both caches work', async () => (await worksFully(a)) && (await worksFully(b)))
    await a.set('k', 'old', { tags: ['t'] })
    const owner = await cluster.primaryOf('larder:{topologies}:log')
    await expectServiceDuring(a, () => owner.kill())
    expect(['applied', 'queued']).toContain((await a.invalidate('t')).outcome)
    expect(await a.get('k')).toBeUndefined()
    await until('both caches work again', async () => (await worksFully(a)) && (await worksFully(b)), 60_000)
    await until('the outbox is empty', () => a.stats().outbox === 0)
    expect(await b.get('k')).toBeUndefined()
    await Promise.all([a.close(), b.close()])
  },
)

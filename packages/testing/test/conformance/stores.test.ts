// needs: redis
import { memoryStore } from '@larder/memory'
import { lru } from '@larder/memory/lru'
import { redisStore } from '@larder/redis'
import { provideRedis, type RedisCluster, startCluster } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { storeConformance } from '../../src/index'

const server = provideRedis(beforeAll, afterAll)
let cluster: RedisCluster
const clients: { redis: Redis; cluster: Cluster } = {
  redis: new Redis({ lazyConnect: true }),
  cluster: new Cluster([], { lazyConnect: true }),
}

beforeAll(async () => {
  cluster = await startCluster()
  clients.redis = new Redis(server.port)
  clients.cluster = new Cluster(cluster.nodes.map(({ host, port }) => ({ host, port })))
})

afterAll(async () => {
  clients.redis.disconnect()
  clients.cluster.disconnect()
  await cluster.close()
})

describe('memoryStore', () => storeConformance(() => memoryStore({ maxEntries: 100 }), { describe, it }))

describe('memoryStore, lru', () =>
  storeConformance(() => memoryStore({ maxEntries: 100, eviction: lru() }), { describe, it }))

describe('redisStore on one server', () =>
  storeConformance(() => redisStore({ client: clients.redis }), { describe, it }))

describe('redisStore on a Cluster', () =>
  storeConformance(() => redisStore({ client: clients.cluster }), { describe, it }))

describe('tieredStore', () =>
  storeConformance(() => tieredStore([memoryStore(), redisStore({ client: clients.redis })]), {
    describe,
    it,
  }))

import { createKeyv as createMemory } from '@cacheable/memory'
import { createKeyv as createRedis } from '@keyv/redis'
import { createCache } from 'cache-manager'
import { type BenchCache, type Setup, ttl } from '../library'

/** CacheableMemory, which its guide recommends for speed, without clones, as the guide of CacheableMemory recommends. */
export async function openCache({ tier, capacity, redis, computeOf }: Setup): Promise<BenchCache> {
  const createMemoryStore = () => createMemory({ lruSize: capacity, useClone: false })
  const stores = {
    memory: () => [createMemoryStore()],
    redis: () => [createRedis(redis)],
    tiered: () => [createMemoryStore(), createRedis(redis)],
  }
  const cache = createCache({ stores: stores[tier](), ttl })
  return {
    read: (key) => cache.wrap(key, async () => computeOf(key)()),
    readMany: (keys) => cache.mget(keys),
    close: () => cache.disconnect(),
  }
}

import { createKeyv as createMemory } from '@cacheable/memory'
import { createKeyv as createRedis } from '@keyv/redis'
import { createCache } from 'cache-manager'
import { type BenchCache, type Setup, ttl } from '../library'

/** Its guide names CacheableMemory as the fast memory; without clones, as that one's guide recommends. */
export async function open({ tier, room, redis, computeOf }: Setup): Promise<BenchCache> {
  const memory = () => createMemory({ lruSize: room, useClone: false })
  const stores = {
    memory: () => [memory()],
    redis: () => [createRedis(redis)],
    tiered: () => [memory(), createRedis(redis)],
  }
  const cache = createCache({ stores: stores[tier](), ttl })
  return {
    read: (key) => cache.wrap(key, async () => computeOf(key)()),
    readMany: (keys) => cache.mget(keys),
    close: () => cache.disconnect(),
  }
}

import { createKeyv as createMemory } from '@cacheable/memory'
import { createKeyv as createRedis } from '@keyv/redis'
import { Cacheable } from 'cacheable'
import { type BenchCache, type Setup, ttl } from '../library'

/** Memory without clones, as its guide recommends for speed. `getOrSet` has no tags, so entries with tags use `get` and `set`. */
export async function openCache({ tier, capacity, redis, tags, computeOf }: Setup): Promise<BenchCache> {
  const createMemoryStore = () => createMemory({ lruSize: capacity, useClone: false })
  const cache = new Cacheable({
    primary: tier === 'redis' ? createRedis(redis) : createMemoryStore(),
    ...(tier === 'tiered' ? { secondary: createRedis(redis) } : {}),
    ttl,
    tags: tags.length > 0,
  })
  const carried = [...tags]
  async function readTagged(key: string): Promise<unknown> {
    const cached = await cache.get(key)
    if (cached !== undefined) return cached
    const value = await computeOf(key)()
    await cache.set(key, value, { ttl, tags: carried })
    return value
  }
  return {
    read: tags.length > 0 ? readTagged : (key) => cache.getOrSet(key, async () => computeOf(key)()),
    readMany: (keys) => cache.getMany(keys),
    invalidate: (tag) => cache.tags.invalidateTag(tag),
    close: () => cache.disconnect(),
  }
}

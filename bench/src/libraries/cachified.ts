import { type Cache, type CacheEntry, cachified, totalTtl } from '@epic-web/cachified'
import { redisCacheAdapter } from 'cachified-redis-adapter'
import { LRUCache } from 'lru-cache'
import { createClient } from 'redis'
import { type BenchCache, type Setup, ttl } from '../library'

export async function openCache({ tier, capacity, redis, computeOf }: Setup): Promise<BenchCache> {
  const { cache, close } = tier === 'memory' ? inMemory(capacity) : await onRedis(redis)
  return {
    read: (key) => cachified({ cache, key, ttl, getFreshValue: computeOf(key) }),
    close,
  }
}

/** The lru-cache adapter of its README. */
function inMemory(max: number): { cache: Cache; close: () => Promise<void> } {
  const entries = new LRUCache<string, CacheEntry>({ max })
  const cache: Cache = {
    set: (key, value) => void entries.set(key, value, { ttl: totalTtl(value.metadata) }),
    get: (key) => entries.get(key),
    delete: (key) => entries.delete(key),
  }
  return { cache, close: async () => undefined }
}

async function onRedis(url: string) {
  const client = createClient({ url })
  await client.connect()
  return { cache: redisCacheAdapter(client as never), close: async () => client.destroy() }
}

import { createCache } from 'async-cache-dedupe'
import { Redis } from 'ioredis'
import { type BenchCache, type Setup, ttl } from '../library'

const seconds = ttl / 1_000

export async function openCache({ tier, capacity, redis, tags, computeOf }: Setup): Promise<BenchCache> {
  const client = tier === 'redis' ? new Redis(redis) : undefined
  const isTagged = tags.length > 0
  const cache = createCache({
    ttl: seconds,
    storage: client
      ? { type: 'redis', options: { client, ...(isTagged && { invalidation: { referencesTTL: seconds } }) } }
      : { type: 'memory', options: { size: capacity, invalidation: isTagged } },
  }).define(
    'load',
    isTagged ? { references: () => [...tags] } : {},
    async (key: string): Promise<unknown> => computeOf(key)(),
  )
  return {
    read: (key) => cache.load(key),
    readMany: (keys) => Promise.all(keys.map((key) => cache.load(key))),
    invalidate: (tag) => cache.invalidateAll(tag),
    close: async () => client?.disconnect(),
  }
}

import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'

/** Opens a cache with two tiers, and waits until it is in sync with its log. */
export async function openCache(name: string, url: string): Promise<Cache> {
  const store = tieredStore([memoryStore({ maxEntries: 5 }), redisStore({ url })])
  const cache = createCache({ name, store, ttl: '1m', staleWhileRevalidate: '1m' })
  await until('the cache is in sync with its log', () => cache.stats().lag < Number.POSITIVE_INFINITY)
  await until('it knows its server', () => cache.stats().servers.length > 0)
  return cache
}

/** Causes at least one measurement of every metric. */
export async function exerciseCache(cache: Cache): Promise<void> {
  const load = cache.wrap(async (id: number) => ({ id }), { name: 'load', tags: ['all'] })
  for (let id = 0; id < 10; id += 1) await load(id)
  await load(9)
  await Promise.all([
    cache.getOrCompute('shared', computeSlowly),
    cache.getOrCompute('shared', computeSlowly),
  ])
  await cache.invalidate('all')
  await cache.getOrCompute('broken', async () => Promise.reject(new Error('broken'))).catch(() => undefined)
}

const computeSlowly = () => new Promise((resolve) => setTimeout(() => resolve(1), 5))

import { type Cache, createCache, type Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { lru } from '@larder/memory/lru'
import { redisStore } from '@larder/redis'
import { tieredStore } from '@larder/tiered'
import { type BenchCache, type Setup, ttl } from '../library'

/** Default options: all guarantees and isolation of values are on. */
export async function openCache(setup: Setup): Promise<BenchCache> {
  const cache = cacheOf(setup)
  const { computeOf, tags } = setup
  const options = { tags }
  return {
    read:
      tags.length === 0
        ? (key) => cache.getOrCompute(key, computeOf(key))
        : (key) => cache.getOrCompute(key, computeOf(key), options),
    readMany: (keys) => cache.getMany(keys),
    invalidate: (tag) => cache.invalidate(tag),
    close: () => cache.close(),
  }
}

/**
 * A lease whose holder stalls for longer than `leaseTtl` goes to a second process, which computes as well. With a lease that
 * outlasts any stall, and no periodic sync, the counts depend on the workload alone.
 */
const patientTimeouts = { maxStaleness: '1h', syncInterval: '30m', leaseTtl: '1m' } as const

/** Creates the cache that both variants of Larder use. */
export function cacheOf(setup: Setup): Cache {
  const options = setup.isCounted ? patientTimeouts : {}
  return createCache({ name: 'bench', store: storeOf(setup), ttl, ...options })
}

function storeOf({ tier, capacity, redis, eviction }: Setup): Store {
  // The capacity is in entries, as for the peers, so the bound in bytes must not be reached first.
  const bounds = {
    maxEntries: capacity,
    maxBytes: 4 * 1024 ** 3,
    eviction: eviction === 'lru' ? lru() : undefined,
  }
  const createMemoryStore = () => memoryStore(bounds)
  if (tier === 'memory') return createMemoryStore()
  const shared = redisStore({ url: redis })
  return tier === 'redis' ? shared : tieredStore([createMemoryStore(), shared])
}

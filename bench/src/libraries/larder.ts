import { type Cache, createCache, type Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { tieredStore } from '@larder/tiered'
import { type BenchCache, type Setup, ttl } from '../library'

/** Every guarantee and the default isolation are on. */
export async function open(setup: Setup): Promise<BenchCache> {
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

/** A cache of Larder as every workload uses it. */
export function cacheOf(setup: Setup): Cache {
  return createCache({ name: 'bench', store: storeOf(setup), ttl })
}

function storeOf({ tier, room, redis, eviction }: Setup): Store {
  // The room is given in entries, as the peers have it; bytes must not be what fills it first.
  const bounds = { maxEntries: room, maxBytes: 4 * 1024 ** 3, eviction }
  const memory = () => memoryStore(bounds)
  if (tier === 'memory') return memory()
  const shared = redisStore({ url: redis })
  return tier === 'redis' ? shared : tieredStore([memory(), shared])
}

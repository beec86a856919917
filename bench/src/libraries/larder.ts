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

/**
 * Where counts are all that is wanted, no sync falls between two of them, and no pause of the process counts as a failure of the
 * server or the death of a holder (gate.ts and fleet.ts in @larder/core): such a call is made again, or a second process
 * computes as well.
 */
const unhurried = { maxStaleness: '1h', syncInterval: '30m', storeTimeout: '1m', leaseTtl: '1m' } as const

/** A cache of Larder as every workload uses it. */
export function cacheOf(setup: Setup): Cache {
  const options = setup.isCounted ? unhurried : {}
  return createCache({ name: 'bench', store: storeOf(setup), ttl, ...options })
}

function storeOf({ tier, room, redis, eviction }: Setup): Store {
  // The room is given in entries, as the peers have it; bytes must not be what fills it first.
  const bounds = { maxEntries: room, maxBytes: 4 * 1024 ** 3, eviction }
  const memory = () => memoryStore(bounds)
  if (tier === 'memory') return memory()
  const shared = redisStore({ url: redis })
  return tier === 'redis' ? shared : tieredStore([memory(), shared])
}

import { createLruList } from './lru-list'

/** Number of sampled keys to aim for, if the policy is large enough to have them. */
const targetSampleSize = 256
/** At most one key in eight is sampled, and at least one in 64. */
const minSampleBits = 3
const maxSampleBits = 6

/** Accesses to sampled keys that were a hit in only one of the two policies. */
export interface HitComparison {
  readonly lruOnlyHits: number
  readonly policyOnlyHits: number
}

/**
 * Simulates LRU on a sample of the keys, to compare the policy with it. The simulation holds as many sampled keys as the
 * policy does, so it is neither larger nor smaller than its share. Waldspurger and others, Cache Modeling and Optimization
 * using Miniature Simulations, ATC 2017.
 */
export function createLruSimulation(maxEntries: number) {
  const bits = Math.log2(maxEntries / targetSampleSize)
  const sampleMask = 2 ** Math.floor(Math.min(maxSampleBits, Math.max(minSampleBits, bits))) - 1
  const recentHashes = createLruList()
  let capacity = 0
  let isRunning = false
  let lruOnlyHits = 0
  let policyOnlyHits = 0

  /** Whether a key belongs to the sample. */
  const isSampled = (hash: number) => (hash & sampleMask) === 0

  return {
    isSampled,

    /** Starts the simulation. Before the policy's first eviction both would hold the same keys. */
    start(): void {
      isRunning = true
    },

    /** Follows the policy: it now holds one more key. */
    addCachedKey(hash: number): void {
      if (isSampled(hash)) capacity += 1
    },

    /** Follows the policy: it no longer holds a key. */
    removeCachedKey(hash: number): void {
      if (isSampled(hash)) capacity -= 1
    },

    /** Records an access, and whether it was a hit of the policy. Keys outside the sample are ignored. */
    recordAccess(hash: number, isPolicyHit: boolean): void {
      if (!isRunning || !isSampled(hash)) return
      recentHashes.shrinkTo(capacity)
      const isLruHit = recentHashes.useValue(hash)
      if (isLruHit && !isPolicyHit) lruOnlyHits += 1
      if (isPolicyHit && !isLruHit) policyOnlyHits += 1
    },

    /** The comparison since the last call. */
    takeComparison(): HitComparison {
      const comparison = { lruOnlyHits, policyOnlyHits }
      lruOnlyHits = 0
      policyOnlyHits = 0
      return comparison
    },
  }
}

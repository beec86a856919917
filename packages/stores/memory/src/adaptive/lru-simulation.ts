import { createSegmentLists, windowSegment } from './segment-lists'

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
  const slotOf = new Map<number, number>()
  const hashes: number[] = []
  const freeSlots: number[] = []
  const list = createSegmentLists()
  let lruOnlyHits = 0
  let policyOnlyHits = 0

  function removeLeastRecent(): void {
    const slot = list.lastOf(windowSegment)
    list.removeSlot(slot, 1)
    slotOf.delete(hashes[slot] as number)
    freeSlots.push(slot)
  }

  function addHash(hash: number): void {
    const slot = freeSlots.pop() ?? hashes.length
    hashes[slot] = hash
    slotOf.set(hash, slot)
    list.addFirst(slot, windowSegment, 1)
  }

  return {
    /** Whether a key belongs to the sample. */
    isSampled: (hash: number) => (hash & sampleMask) === 0,

    /** Records an access to a sampled key: whether the policy had a hit, and how many sampled keys it holds. */
    recordAccess(hash: number, isPolicyHit: boolean, capacity: number): void {
      while (slotOf.size > capacity) removeLeastRecent()
      const slot = slotOf.get(hash)
      if (slot === undefined) {
        if (isPolicyHit) policyOnlyHits += 1
        addHash(hash)
        return
      }
      if (!isPolicyHit) lruOnlyHits += 1
      list.removeSlot(slot, 1)
      list.addFirst(slot, windowSegment, 1)
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

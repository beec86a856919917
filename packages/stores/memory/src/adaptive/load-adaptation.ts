import type { Climber } from './climber'
import { createFrequencySketch } from './frequency-sketch'
import { createLruSimulation } from './lru-simulation'
import type { Slots } from './slots'

/** Accesses per entry between two resets: TinyLFU's sample size, W = 10 C. */
const accessesPerReset = 10
/** Accesses per entry between two adjustments of the window. */
const accessesPerAdjustment = 6

/** Dependencies of {@link createLoadAdaptation}. */
interface LoadAdaptationOptions {
  readonly climber: Climber
  readonly maxEntries: number
  /** They count the uses of the entries in the cache. */
  readonly slots: Slots
}

/**
 * Adapts the policy to its load: adjusts the window, and lets older uses count less. Both are timed by accesses. A sketch
 * remembers how often keys were used that are no longer in the cache.
 */
export function createLoadAdaptation({ climber, maxEntries, slots }: LoadAdaptationOptions) {
  const sketch = createFrequencySketch()
  const simulation = createLruSimulation(maxEntries)
  let hits = 0
  let misses = 0
  let resetAt = 0
  let adjusted = { accesses: 0, hits: 0 }

  function adjustWindow(accesses: number): void {
    climber.adjustWindow({
      hits: hits - adjusted.hits,
      accesses: accesses - adjusted.accesses,
      comparison: simulation.takeComparison(),
    })
    adjusted = { accesses, hits }
  }

  return {
    windowShare: climber.windowShare,
    /** Whether uses of the key take part in the comparison of the policy with LRU. */
    isSampled: simulation.isSampled,
    recordAccess: simulation.recordAccess,

    recordHit(): void {
      hits += 1
    },

    /** Records that a key enters a cache of `entryCount` entries. Returns how often it was used before, as an estimate. */
    recordInsertion(hash: number, entryCount: number): number {
      misses += 1
      simulation.addCachedKey(hash)
      simulation.recordAccess(hash, false)
      sketch.ensureCapacity(entryCount)
      return sketch.estimateFrequency(hash)
    },

    /** Remembers the frequency of a key that leaves the cache. */
    recordRemoval(hash: number, frequency: number): void {
      sketch.raiseFrequency(hash, frequency)
      simulation.removeCachedKey(hash)
    },

    /** Adjusts the window and halves the frequencies if due. */
    adaptAfterEviction(entryCount: number): void {
      simulation.start()
      const accesses = hits + misses
      if (accesses - adjusted.accesses >= accessesPerAdjustment * entryCount) adjustWindow(accesses)
      if (accesses - resetAt < accessesPerReset * entryCount) return
      resetAt = accesses
      sketch.halveFrequencies()
      slots.halveFrequencies()
    },
  }
}

export type LoadAdaptation = ReturnType<typeof createLoadAdaptation>

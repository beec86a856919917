import type { Climber } from './climber'
import type { FrequencySketch } from './frequency-sketch'
import type { LruSimulation } from './lru-simulation'
import type { Slots } from './slots'

/** Accesses per entry between two resets: TinyLFU's sample size, W = 10 C. */
const accessesPerReset = 10
/** Accesses per entry between two adjustments of the window. */
const accessesPerAdjustment = 6

interface LoadAdaptationOptions {
  readonly climber: Climber
  readonly simulation: LruSimulation
  readonly sketch: FrequencySketch
  readonly slots: Slots
}

/** Adapts the policy to its load: adjusts the window, and lets older uses count less. Both are timed by accesses. */
export function createLoadAdaptation({ climber, simulation, sketch, slots }: LoadAdaptationOptions) {
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
    recordHit(): void {
      hits += 1
    },

    recordMiss(): void {
      misses += 1
    },

    /** Adjusts the window and halves the frequencies if due. */
    adapt(entryCount: number): void {
      const accesses = hits + misses
      if (accesses - adjusted.accesses >= accessesPerAdjustment * entryCount) adjustWindow(accesses)
      if (accesses - resetAt < accessesPerReset * entryCount) return
      resetAt = accesses
      sketch.halveFrequencies()
      slots.halveFrequencies()
    },
  }
}

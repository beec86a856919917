import type { HitComparison } from './lru-simulation'

/** The window's initial share of the capacity: W-TinyLFU's choice for skewed loads. */
const initialShare = 0.01
const minShare = 0.002
const maxShare = 0.99
const initialStep = 0.04
/** Factor by which each step is smaller than the one before. */
const stepDecay = 0.98
/** The step that opens the window while LRU does better. */
const lruStep = 0.4
/** Standard deviations by which LRU must be ahead to count as better. */
const significance = 3
/** A change of the hit ratio of at least this much means that the load has changed: the step size is reset. */
const restartThreshold = 0.05

/** Hits and accesses since the last adjustment. */
interface AccessSample {
  readonly hits: number
  readonly accesses: number
  readonly comparison: HitComparison
}

/** Adapts the size of the window to the load. */
export interface Climber {
  /** The window's share of the capacity, from 0 to 1. */
  windowShare(): number
  adjustWindow(sample: AccessSample): void
}

/**
 * Hill climbing: continues in the same direction while the hit ratio grows, and turns back when it does not, in ever
 * smaller steps. On a plateau the hit ratio shows no direction; there, LRU is simulated on a sample of the keys, and the
 * window opens in large steps while LRU is ahead. Einziger, Eytan, Friedman and Manes, Adaptive Software Cache Management,
 * Middleware 2018.
 */
export function createClimber(): Climber {
  let share = initialShare
  let step = initialStep
  let previousHitRatio = 0

  function moveBy(change: number): void {
    share = Math.min(maxShare, Math.max(minShare, share + change))
  }

  return {
    windowShare: () => share,
    adjustWindow({ hits, accesses, comparison }) {
      const hitRatio = hits / accesses
      const change = hitRatio - previousHitRatio
      previousHitRatio = hitRatio
      if (isLruAhead(comparison)) {
        step = initialStep
        return moveBy(lruStep)
      }
      // A larger window must improve the hit ratio beyond chance; for a smaller one it is enough to do no harm.
      const noise = Math.sqrt((2 * hitRatio * (1 - hitRatio)) / accesses)
      const isImprovement = change > (step > 0 ? noise : -noise)
      if (!isImprovement) step = -step
      moveBy(step)
      step = Math.abs(change) >= restartThreshold ? Math.sign(step) * initialStep : step * stepDecay
    },
  }
}

/** McNemar's test: only accesses where the two policies differ count, and by chance each would have half of those. */
function isLruAhead({ lruOnlyHits, policyOnlyHits }: HitComparison): boolean {
  return lruOnlyHits - policyOnlyHits > significance * Math.sqrt(lruOnlyHits + policyOnlyHits + 1)
}

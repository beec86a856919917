import type { Comparison } from './lru-sample'

/** What newcomers have of the room to begin with; W-TinyLFU's choice for skewed loads. */
const initialShare = 0.01
const minShare = 0.002
const maxShare = 0.99
const firstStep = 0.04
const decay = 0.98
/** How far the window is opened where LRU does better. */
const leap = 0.4
/** Standard deviations by which LRU must be ahead. */
const ahead = 3
/** A change of the hit ratio beyond it says that the load is another one: steps as large as at first. */
const upheaval = 0.05

/** How the room did since the last time. */
export interface Outcome {
  readonly hits: number
  readonly accesses: number
  readonly comparison: Comparison
}

/** Finds how much of the room newcomers should have. */
export interface Climber {
  /** From 0 to 1. */
  share(): number
  climb(outcome: Outcome): void
}

/**
 * Hill climbing: on while hits grow more frequent, back when they do not, in ever smaller steps. A step that makes no
 * difference shows no way up, so LRU on a sample of the keys shows it: while LRU is ahead, the window opens by leaps.
 * Einziger, Eytan, Friedman and Manes, Adaptive Software Cache Management, Middleware 2018.
 */
export function createClimber(): Climber {
  let share = initialShare
  let step = firstStep
  let previous = 0

  function move(by: number): void {
    share = Math.min(maxShare, Math.max(minShare, share + by))
  }

  return {
    share: () => share,
    climb({ hits, accesses, comparison }) {
      const hitRatio = hits / accesses
      const change = hitRatio - previous
      previous = hitRatio
      if (isLruAhead(comparison)) {
        step = firstStep
        return move(leap)
      }
      // A larger window must show its worth beyond chance; a smaller one need only do no harm.
      const noise = Math.sqrt((2 * hitRatio * (1 - hitRatio)) / accesses)
      const goesOn = change > (step > 0 ? noise : -noise)
      if (!goesOn) step = -step
      move(step)
      step = Math.abs(change) >= upheaval ? Math.sign(step) * firstStep : step * decay
    },
  }
}

/** Accesses that both find or both miss tell nothing; of the others, chance gives each half (McNemar's test). */
function isLruAhead({ lruAlone, roomAlone }: Comparison): boolean {
  return lruAlone - roomAlone > ahead * Math.sqrt(lruAlone + roomAlone + 1)
}

import type { Clock } from '../contracts/clock'
import type { Stamp } from '../entry/entry'
import { momentOf } from '../entry/moment'
import type { LogClock } from './log-clock'
import type { FollowedTerms } from './verdict'

/**
 * Counts the invalidations that this process has put in force before the log confirmed them. An entry carries the count at
 * the start of its computation.
 */
export function createSequence() {
  let latest = 0
  return {
    get latest() {
      return latest
    },
    /** Counts another invalidation, and returns its number. */
    advance(): number {
      latest += 1
      return latest
    },
  }
}

export type Sequence = ReturnType<typeof createSequence>

/** Dependencies of {@link createStamps}. */
interface StampsOptions {
  readonly clock: Clock
  readonly logClock: LogClock
  readonly sequence: Sequence
  readonly followedTerms: FollowedTerms
  /** The log position that is in force in this process. */
  appliedPosition(): number
}

/** Stamps computations with their place in the order of invalidations. */
export function createStamps({ clock, logClock, sequence, followedTerms, appliedPosition }: StampsOptions) {
  return {
    /** The position in force, and the number of invalidations issued by this process. */
    currentPlace: () => ({ position: appliedPosition(), sequence: sequence.latest }),

    /** The stamp of a computation that starts now. `sourceLag`: how far its source may lag behind writes, in ms. */
    takeStamp(sourceLag: number): Stamp {
      const startedAt = momentOf(clock)
      const position = appliedPosition()
      const lagging = Math.floor((logClock.earliestTime(startedAt) - sourceLag) * 1_000)
      const asOf = sourceLag > 0 ? Math.min(position, lagging) : position
      const { present: term } = followedTerms
      // A row that lags may be from before an invalidation that the log has not confirmed yet.
      const known = sourceLag > 0 ? 0 : sequence.latest
      return { position, asOf: Math.max(0, asOf), term, sequence: known, startedAt }
    },
  }
}

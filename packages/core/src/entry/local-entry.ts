import type { Copier } from './copy'
import type { Entry } from './entry'
import { longAgo, type Moment } from './moment'

/** Where in the order of invalidations a computation started. */
export interface Stamp {
  /** Applied here when it started; `-1` while the log has never been reached. */
  readonly position: number
  /** {@link Stamp.position}, or earlier where the source lags behind its writes. What the entry carries. */
  readonly asOf: number
  /** How many invalidations this process had issued by then. */
  readonly sequence: number
  readonly startedAt: Moment
}

/** What an entry from a shared tier has instead of a stamp of this process: older than anything done here. */
export const sharedEntryOrigin = { sequence: 0, startedAt: longAgo } as const

/** An entry as this process holds it. */
export interface LocalEntry extends Entry {
  /** Hands out the value so that changing it changes nothing for anyone else. */
  readonly copy: Copier
  /** {@link Stamp.sequence}. */
  readonly sequence: number
  /**
   * The moment from which it is certain to reflect everything acknowledged before: {@link Stamp.startedAt}, or earlier if
   * it was computed from cached values. `longAgo` if another process computed it.
   */
  readonly startedAt: Moment
  /** From when on a read may want to refresh it; never later than `freshUntil`. */
  readonly refreshAt: number
  /** The state of the tag table in which it was last found valid; while nothing changed, nothing is checked. */
  checkedAt: number
}

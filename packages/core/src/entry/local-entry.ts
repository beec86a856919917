import type { Copier } from './copy'
import type { Entry } from './entry'
import { longAgo, type Moment } from './moment'

/** The position in the order of invalidations at which a computation started. */
export interface Stamp {
  /** The log position applied in this process at the start; `-1` before the first sync. */
  readonly position: number
  /** The position stored in the entry: {@link Stamp.position}, or an earlier one if the source lags behind its writes. */
  readonly asOf: number
  /** The term of the log that the positions belong to; 0 for a log in this process. */
  readonly term: number
  /** Number of invalidations that this process had issued by the start. */
  readonly sequence: number
  readonly startedAt: Moment
}

/** Stands in for a stamp in entries from a shared tier: older than everything done in this process. */
export const sharedEntryOrigin = { sequence: 0, startedAt: longAgo } as const

/** An entry in the memory of this process. */
export interface LocalEntry extends Entry {
  /** Copies the value for a reader, so that changes to the copy do not affect other readers. */
  readonly copy: Copier
  /** {@link Stamp.sequence}. */
  readonly sequence: number
  /**
   * The entry reflects every invalidation acknowledged before this moment: {@link Stamp.startedAt}, or an earlier moment
   * if it was computed from cached values. `longAgo` if another process computed it.
   */
  readonly startedAt: Moment
  /**
   * The log's clock minus the monotonic clock, in ms, when the entry arrived in this process. Its life ends at whichever
   * is first, by the log's clock or by the monotonic one: a clock that is set back does not prolong it.
   */
  readonly clockOffset: number
  /** From this time on a read may start a refresh; never later than `freshUntil`. */
  readonly refreshAt: number
  /** The version of the tag table at which the entry was last found valid. While it is current, no check is needed. */
  checkedAt: number
}

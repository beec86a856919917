import type { Clock } from '../contracts/clock'
import { elapsedBetween, type Moment, momentOf } from '../entry/moment'

/** Clocks that measure the same time differ by less, in ms. Beyond it, the wall clock was set or the process slept. */
const maxDisagreement = 100

/** How long the monotonic clock is not read again while the wall clock advances, in ms. */
const coarseness = 16

/**
 * The log's clock, estimated from this process's clocks and the pages of the log (Cristian's algorithm): a page tells the
 * log's time at some moment between its request and its arrival. `isLocal`: the log is in this process and has the same clock.
 */
export function createLogClock(clock: Clock, isLocal: boolean) {
  /** The log's clock minus the wall clock, and minus the monotonic clock, in ms. */
  let wallOffset = 0
  let monotonicOffset = clock.now() - clock.monotonic()
  /** How far the estimate may be ahead of the log's clock, in ms. */
  let uncertainty = isLocal ? 0 : Number.POSITIVE_INFINITY
  let lastMonotonic = 0
  let lastReadAt = Number.POSITIVE_INFINITY

  /** A moment of this process, on the log's clock: by the clock that is further, so that no entry lives too long. */
  const logTime = (wall: number, monotonic: number) =>
    isLocal ? wall : Math.max(wall + wallOffset, monotonic + monotonicOffset)

  /** A moment of this process, on the log's clock: by the clock that is less far. */
  const leastLogTime = ({ wall, monotonic }: Moment) =>
    isLocal ? wall : Math.min(wall + wallOffset, monotonic + monotonicOffset)

  /** The monotonic clock, read at most once per 16 ms, and whenever the wall clock was set back: for the fast path. */
  function coarseMonotonic(wall: number): number {
    const passed = wall - lastReadAt
    if (passed >= 0 && passed < coarseness) return lastMonotonic
    lastReadAt = wall
    lastMonotonic = clock.monotonic()
    return lastMonotonic
  }

  function now(): number {
    const wall = clock.now()
    return logTime(wall, coarseMonotonic(wall))
  }

  return {
    /** Milliseconds since the epoch. */
    now,
    logTime,
    coarseMonotonic,
    /** The log's clock minus the monotonic clock, now: {@link LocalEntry.clockOffset} of an entry that arrives now. */
    offsetNow: () => now() - clock.monotonic(),

    /**
     * The time of an entry that is created at this moment. By the clock that is less far, because a wall clock that was set
     * forward must not make it live longer in other processes; in whole milliseconds, so that all tiers keep the same.
     */
    creationTime: (moment: Moment) => Math.floor(leastLogTime(moment)),
    /** The least that the log's clock may have read at this moment. */
    earliestTime: (moment: Moment) => leastLogTime(moment) - uncertainty,

    /**
     * Adjusts the estimate to a page that was requested at `askedAt` and has just arrived. If the clocks disagree about the time
     * in between, each has an estimate of its own until the next page: nobody can tell which of them is right.
     */
    adjust(logNow: number, askedAt: Moment): void {
      if (isLocal) return
      const arrivedAt = momentOf(clock)
      const roundTrip = elapsedBetween(askedAt, arrivedAt)
      const wallTime = arrivedAt.wall - askedAt.wall
      const monotonicTime = arrivedAt.monotonic - askedAt.monotonic
      if (Math.abs(wallTime - monotonicTime) > maxDisagreement) {
        wallOffset = logNow + Math.max(0, wallTime) - arrivedAt.wall
        monotonicOffset = logNow + monotonicTime - arrivedAt.monotonic
        uncertainty = roundTrip
        return
      }
      const least = logNow - arrivedAt.wall
      const isConsistent = wallOffset >= least && wallOffset <= least + roundTrip
      // A slow answer tells less than a fast one before it, unless they contradict each other.
      if (!isConsistent || roundTrip < uncertainty) {
        wallOffset = least + roundTrip
        uncertainty = roundTrip
      }
      monotonicOffset = arrivedAt.wall + wallOffset - arrivedAt.monotonic
    },
  }
}

export type LogClock = ReturnType<typeof createLogClock>

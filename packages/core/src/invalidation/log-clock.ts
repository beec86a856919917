import type { Clock } from '../contracts/clock'

/** The log's clock, estimated from this process's wall clock and the latest page of the log. */
export function createLogClock(clock: Clock) {
  /** The log's clock minus the wall clock, in ms. */
  let offset = 0

  return {
    /** Milliseconds since the epoch. */
    now: () => clock.now() + offset,
    /** A time of this process's wall clock, converted to the log's clock. */
    logTime: (wall: number) => wall + offset,
    /** Adjusts the estimate: the log's clock reads `logNow` now. */
    adjust(logNow: number): void {
      offset = logNow - clock.now()
    },
  }
}

export type LogClock = ReturnType<typeof createLogClock>

import type { Clock } from '../contracts/clock'

/** A moment on both clocks. */
export interface Moment {
  readonly wall: number
  readonly monotonic: number
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock.now(), monotonic: clock.monotonic() }
}

/**
 * Time since `moment`, in ms: the larger of both clocks, because a frozen process may miss the time on one of
 * them, and a wall clock may be set back.
 */
export function elapsedSince(moment: Moment, clock: Clock): number {
  return Math.max(clock.monotonic() - moment.monotonic, clock.now() - moment.wall)
}

import type { Clock } from '../contracts/clock'

/** A moment on both clocks, in ms: a frozen process may miss time on one of them, and a wall clock may be set back. */
export interface Moment {
  readonly wall: number
  readonly monotonic: number
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock.now(), monotonic: clock.monotonic() }
}

/** A proof at this moment holds for ever: of a log that cannot be missed. */
export const forEver: Moment = { wall: Number.POSITIVE_INFINITY, monotonic: Number.POSITIVE_INFINITY }

/** Before everything that this process did. */
export const longAgo: Moment = { wall: Number.NEGATIVE_INFINITY, monotonic: Number.NEGATIVE_INFINITY }

/** Time between two moments, in ms: on the clock that saw more of it. */
export function elapsedBetween(from: Moment, to: Moment): number {
  return Math.max(to.monotonic - from.monotonic, to.wall - from.wall)
}

export function elapsedSince(moment: Moment, clock: Clock): number {
  return elapsedBetween(moment, momentOf(clock))
}

export function earlierOf(one: Moment, other: Moment): Moment {
  return one.monotonic <= other.monotonic ? one : other
}

export function laterOf(one: Moment, other: Moment): Moment {
  return one.monotonic > other.monotonic ? one : other
}

import type { Clock } from '../contracts/clock'

/** A moment on both clocks, in ms: the monotonic clock may stop while a process is frozen, a wall clock may be set back. */
export interface Moment {
  readonly wall: number
  readonly monotonic: number
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock.now(), monotonic: clock.monotonic() }
}

/** The moment of a proof that never expires: of a log in the same process. */
export const forEver: Moment = { wall: Number.POSITIVE_INFINITY, monotonic: Number.POSITIVE_INFINITY }

/** A moment before everything done in this process. */
export const longAgo: Moment = { wall: Number.NEGATIVE_INFINITY, monotonic: Number.NEGATIVE_INFINITY }

/** Time between two moments, in ms, on the clock that measured more of it. */
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

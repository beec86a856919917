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

/** A proof at this moment holds for ever: of a log that cannot be missed. */
export const forEver: Moment = { wall: Number.POSITIVE_INFINITY, monotonic: Number.POSITIVE_INFINITY }

/** After a failed sync, reads do not ask again for this long, in ms. */
const pauseAfterFailure = 200

/** The last proof of being current: a sync proves that everything acknowledged before it was *sent* is applied. */
export function createProof(clock: Clock, maxStaleness: number) {
  let provenAt: Moment | undefined
  let failedAt: Moment | undefined

  return {
    get exists() {
      return provenAt !== undefined
    },
    /** Whether it is recent enough. */
    get holds() {
      return provenAt !== undefined && elapsedSince(provenAt, clock) <= maxStaleness
    },
    /** In ms; `Infinity` if there never was one. */
    get age() {
      return provenAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, elapsedSince(provenAt, clock))
    },
    /** Whether the last attempt failed a moment ago. */
    get isPausing() {
      return failedAt !== undefined && elapsedSince(failedAt, clock) < pauseAfterFailure
    },
    succeeded(sent: Moment): void {
      provenAt = sent
      failedAt = undefined
    },
    failed(): void {
      failedAt = momentOf(clock)
    },
  }
}

import type { Clock } from '../contracts/clock'
import { elapsedBetween, elapsedSince, type Moment, momentOf } from '../entry/moment'

/** After a failed sync, reads do not ask again for this long, in ms. */
const pauseAfterFailure = 200

/** The last proof of being current: a sync proves that everything acknowledged before it was *sent* is applied. */
export function createStalenessBound(clock: Clock, maxStaleness: number) {
  let provenAt: Moment | undefined
  let failedAt: Moment | undefined

  return {
    get exists() {
      return provenAt !== undefined
    },
    /** Whether it is recent enough at this moment. */
    holds: (now: Moment): boolean => provenAt !== undefined && elapsedBetween(provenAt, now) <= maxStaleness,
    /** What it was taken at. Undefined if there never was one. */
    get at() {
      return provenAt
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
    /** Nothing is proven: reads do not ask again for a moment. */
    failed(): void {
      failedAt = momentOf(clock)
    },
  }
}

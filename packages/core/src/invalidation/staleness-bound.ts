import type { Clock } from '../contracts/clock'
import { elapsedBetween, elapsedSince, type Moment, momentOf } from '../entry/moment'

/** After a failed sync, reads do not start another one for this long, in ms. */
const retryDelay = 200

/**
 * Tracks whether this process is within the staleness bound. A successful sync proves that every invalidation acknowledged
 * before the sync was *sent* is applied; the proof is valid for `maxStaleness` ms.
 */
export function createStalenessBound(clock: Clock, maxStaleness: number) {
  let provenAt: Moment | undefined
  let failedAt: Moment | undefined

  return {
    get hasProof() {
      return provenAt !== undefined
    },
    /** Whether the latest proof is recent enough at `now`. */
    isMetAt: (now: Moment): boolean =>
      provenAt !== undefined && elapsedBetween(provenAt, now) <= maxStaleness,
    /** Every invalidation acknowledged before this moment is applied. Undefined before the first proof. */
    get provenAt() {
      return provenAt
    },
    /** Age of the latest proof, in ms; `Infinity` before the first one. */
    get age() {
      return provenAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, elapsedSince(provenAt, clock))
    },
    /** Whether the latest attempt failed less than {@link retryDelay} ago. */
    get isBackingOff() {
      return failedAt !== undefined && elapsedSince(failedAt, clock) < retryDelay
    },
    recordProof(sentAt: Moment): void {
      provenAt = sentAt
      failedAt = undefined
    },
    recordFailure(): void {
      failedAt = momentOf(clock)
    },
  }
}

export type StalenessBound = ReturnType<typeof createStalenessBound>

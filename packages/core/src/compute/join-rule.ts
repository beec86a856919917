import type { Stamp } from '../entry/local-entry'
import type { Moment } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import { forcedMiss } from '../storage/miss-reason'
import type { Validity } from '../storage/validity'
import type { Computed, LoadResult, ReadRequest } from './read-request'
import type { Flight } from './single-flight'

/** When a caller arrived, and whether this process was current then. */
export type Arrival = Omit<Stamp, 'asOf' | 'term'> & { readonly isCurrent: boolean }

/** Events that are less than this apart, in ms, are simultaneous: lags are given in whole ms. */
const timeResolution = 1

/** Decides whether a caller may share a computation that started before it arrived. */
export function createJoinRule(follower: Follower, validity: Validity) {
  const { table } = follower

  return {
    arrivalAt: (now: Moment): Arrival => ({
      ...follower.currentPlace(),
      startedAt: now,
      isCurrent: follower.isCurrentAt(now),
    }),

    /** Whether a caller that arrives now may wait for the flight. */
    canJoin({ mustCompute }: ReadRequest, flight: Flight<LoadResult>, now: Moment): boolean {
      // A caller that must not get a cached value may only share a computation that begins after its arrival.
      if (mustCompute !== undefined && !(mustCompute === forcedMiss && flight.isPending?.())) return false
      const { key, tags, stamp } = flight
      const verdict = table.judge({ key, tags, asOf: stamp.asOf, term: stamp.term, sequence: stamp.sequence })
      return verdict !== 'dead' && validity.isWithinBound(stamp, now)
    },

    /** Whether a computed value is as new as the caller demands: the caller before may have accepted stale values inside. */
    meetsDemand: ({ reflectsAll }: ReadRequest, { entry, isMadeOfStale }: Computed): boolean =>
      reflectsAll === undefined || (!isMadeOfStale && validity.isValid(entry)),

    /**
     * Whether an invalidation before the caller's arrival ends the result: its tags, and the age of the values it was made
     * of, were not known when the caller joined.
     */
    isOvertaken({ entry, outcome }: LoadResult, { stamp }: Flight<LoadResult>, arrival: Arrival): boolean {
      const lead = arrival.startedAt.monotonic - stamp.startedAt.monotonic
      // A flight that started later than the caller arrived serves it as one of its own would.
      if (lead < 0) return false
      const isProven =
        outcome === 'stale' || arrival.isCurrent || validity.isRecentAt(entry, arrival.startedAt)
      if (!isProven) return true
      const isUnchanged = arrival.position === stamp.position && arrival.sequence === stamp.sequence
      // A value made of older ones may be invalid for a caller that arrived when the source lagged less.
      const isAsNew =
        outcome !== 'miss' ||
        lead < timeResolution ||
        (entry.asOf >= stamp.asOf && entry.sequence >= stamp.sequence)
      return !(isUnchanged && isAsNew) && table.judge(entry) === 'dead'
    },
  }
}

export type JoinRule = ReturnType<typeof createJoinRule>

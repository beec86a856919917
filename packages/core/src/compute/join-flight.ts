import type { Stamp } from '../entry/entry'
import type { Moment } from '../entry/moment'
import { findReadOnce } from '../entry/read-once'
import type { Follower } from '../invalidation/follower'
import type { Subject } from '../invalidation/verdict'
import { forcedMiss } from '../storage/lookup'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import type { Tracing } from '../telemetry/tracing'
import { computationsAround, type Dependencies } from './dependencies'
import { acceptsEntry, type Computed, type LoadResult, type ReadRequest } from './read-request'
import type { ComputedEntry } from './run-computation'
import type { Flight } from './single-flight'
import { isWaitingFor, recordWait, type WaitNode } from './wait-graph'

/** When a caller arrived, and whether this process was current then. */
export type Arrival = Omit<Stamp, 'asOf' | 'term'> & { readonly isCurrent: boolean }

/** Events that are less than this apart, in ms, are simultaneous: lags are given in whole ms. */
const timeResolution = 1

/** Decides whether a caller may share a computation that started before it arrived. */
export function createJoinRule(follower: Follower, validity: Validity) {
  const { table } = follower

  /** Whether an invalidation has ended a result. The record that ended it may be forgotten since, if it was of its key. */
  const isEnded = (subject: Subject): boolean =>
    subject.asOf < table.keysFloor || table.judge(subject) === 'dead'

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
      const { asOf, term, sequence } = stamp
      return !isEnded({ key, tags, asOf, term, sequence }) && validity.isWithinBound(stamp, now)
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
      return !(isUnchanged && isAsNew) && isEnded(entry)
    },
  }
}

type JoinRule = ReturnType<typeof createJoinRule>

/** Dependencies of {@link createJoinFlight}. */
interface JoinFlightOptions {
  readonly joinRule: JoinRule
  readonly dependencies: Dependencies
  readonly recorder: Recorder
  readonly tracing: Tracing
  /** Waits for a flight until it settles, until the caller leaves, or until its soft timeout. */
  waitFor(flight: Flight<LoadResult>, request: ReadRequest): Promise<LoadResult>
  /** Computes for one caller and does not store the result. */
  bypass(request: ReadRequest): Promise<ComputedEntry>
  /** Loads the value for a caller whose flight was overtaken. */
  loadAgain(request: ReadRequest, arrival: Arrival): Promise<LoadResult>
}

/** Lets a caller share the result of a flight that started before it arrived. */
export function createJoinFlight(options: JoinFlightOptions) {
  const { joinRule, dependencies, recorder, tracing, waitFor } = options

  /** For a caller that must not wait, or cannot share the value. The value is not stored. */
  async function computeAlone(request: ReadRequest): Promise<LoadResult> {
    const { entry, isMadeOfStale } = await options.bypass(request)
    return { outcome: 'miss', entry, reason: undefined, isMadeOfStale }
  }

  /** A computation that would wait for one that waits for its place lends it. */
  function lendPlace(running: Flight<LoadResult>): void {
    if (running.lendPlace === undefined) return
    const joiner = dependencies.currentCapture()
    if (joiner !== undefined) running.lendPlace(joiner)
  }

  /** Waits for a flight, on behalf of the computations around the caller. */
  function waitInside(
    waiters: readonly WaitNode[],
    running: Flight<LoadResult>,
    request: ReadRequest,
  ): Promise<LoadResult> {
    if (waiters.length === 0) return waitFor(running, request)
    running.isAwaitedInside = true
    return recordWait(waiters, running, waitFor(running, request))
  }

  return async (request: ReadRequest, running: Flight<LoadResult>, arrival: Arrival): Promise<LoadResult> => {
    const waiters = computationsAround()
    lendPlace(running)
    if (isWaitingFor(running, waiters)) return computeAlone(request)
    recorder.join(request)
    request.batch?.markDecided()
    const result = await tracing.traceJoin(request, running, () => waitInside(waiters, running, request))
    recorder.joined(request, arrival.startedAt.monotonic)
    if (findReadOnce(result.entry) !== undefined) return computeAlone(request)
    const isAccepted =
      result.outcome === 'miss' ? joinRule.meetsDemand(request, result) : acceptsEntry(request, result.entry)
    if (isAccepted && !joinRule.isOvertaken(result, running, arrival)) return result
    return options.loadAgain(request, arrival)
  }
}

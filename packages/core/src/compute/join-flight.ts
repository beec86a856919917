import { findReadOnce } from '../entry/read-once'
import type { Recorder } from '../telemetry/recorder'
import type { Tracing } from '../telemetry/tracing'
import { computationsAround, type Dependencies } from './dependencies'
import type { Arrival, JoinRule } from './join-rule'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { ComputedEntry } from './run-computation'
import type { Flight } from './single-flight'
import { isWaitingFor, recordWait, type WaitNode } from './wait-graph'

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
    if (isWaitingFor(running, waiters)) return computeAlone(request)
    recorder.join(request)
    lendPlace(running)
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

import type { LocalEntry } from '../entry/local-entry'
import type { LarderError } from '../errors'
import type { Follower } from '../invalidation/follower'
import type { MaybePromise } from '../maybe-promise'
import { forcedMiss } from '../storage/miss-reason'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import type { ExpiringSet } from './expiring-set'
import type { LoadJob } from './load-job'
import type { LoadResult, ReadRequest } from './read-request'
import type { Flight, Flights } from './single-flight'
import { isHardTimeout, servableFallback } from './soft-timeout'

/** Dependencies of {@link createLaunchFlight}. */
interface LaunchFlightOptions {
  readonly follower: Follower
  readonly validity: Validity
  readonly recorder: Recorder
  readonly flights: Flights<LoadResult>
  /** Keys whose source failed within `retryAfter`. */
  readonly recentlyFailed: ExpiringSet
  lookUpOrCompute(job: LoadJob): MaybePromise<LoadResult>
}

/** Launches the flight of a request. `replaced`: the entry that a background refresh replaces. */
export function createLaunchFlight(options: LaunchFlightOptions) {
  const { follower, validity, recorder, flights, recentlyFailed } = options

  /** At the hard timeout, the old value is served instead, if it may be. */
  function abortFlight(
    request: ReadRequest,
    flight: Flight<LoadResult>,
    reason: LarderError,
  ): LoadResult | undefined {
    const isTimeout = isHardTimeout(reason)
    const { stamp, isBackground } = flight
    recorder.compute(request, isTimeout ? 'timeout' : 'aborted', isBackground, stamp.startedAt.monotonic)
    const old = isTimeout ? servableFallback(flight, validity) : undefined
    if (old !== undefined) recentlyFailed.add(request.key, request.rules.retryAfter)
    return old
  }

  return (request: ReadRequest, replaced: LocalEntry | undefined): Flight<LoadResult> =>
    flights.launchFlight({
      key: request.key,
      stamp: follower.takeStamp(0),
      tags: knownTags(request),
      hardTimeout: request.rules.hardTimeout,
      isBackground: replaced !== undefined,
      isPending: request.mustCompute === forcedMiss ? request.batch?.isPending : undefined,
      runFlight: (flight) => options.lookUpOrCompute({ request, flight, replaced }),
      onAbort: (flight, reason) => abortFlight(request, flight, reason),
    })
}

/** The tags that are known before the computation. */
function knownTags({ scopeTags, rules }: ReadRequest): readonly string[] {
  const tags = typeof rules.tags === 'function' ? [] : rules.tags
  return scopeTags.length === 0 ? tags : [...scopeTags, ...tags]
}

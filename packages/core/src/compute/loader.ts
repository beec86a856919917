import type { Clock } from '../contracts/clock'
import type { LocalEntry } from '../entry/local-entry'
import { momentOf } from '../entry/moment'
import type { LarderError } from '../errors'
import type { Follower } from '../invalidation/follower'
import { createDeadlines } from '../resilience/deadlines'
import { isRefreshDue } from '../storage/early-refresh'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import { createComputeOnce } from './compute-once'
import { createExpiringSet } from './expiring-set'
import { createFlights, type Flight } from './flight'
import { type Arrival, createJoinRule } from './join-rule'
import type { LeaseCoordinator } from './lease-coordinator'
import { createLookUpOrCompute } from './look-up-or-compute'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { ComputeDependencies } from './run-computation'
import { createSoftTimeout, isHardTimeout, servableFallback } from './soft-timeout'

/** Dependencies of {@link createLoader}. */
export interface LoaderOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly leases: LeaseCoordinator | undefined
  readonly computeDependencies: ComputeDependencies
  readonly recorder: Recorder
}

/** Maximum number of keys in each expiring set. */
const maxTrackedKeys = 10_000

/**
 * Finds or computes values, with one flight per key. Serves stale values as far as the rules allow, and never returns a
 * result that an invalidation before the call has overtaken.
 */
export function createLoader(options: LoaderOptions) {
  const { clock, follower, validity, computeDependencies, recorder } = options
  const flights = createFlights<LoadResult>(createDeadlines(clock))
  const recentlyFailed = createExpiringSet(clock, maxTrackedKeys)
  const hitForMiss = createExpiringSet(clock, maxTrackedKeys)
  const compute = createComputeOnce({ ...options, recentlyFailed, hitForMiss })
  const lookUpOrCompute = createLookUpOrCompute({ ...options, recentlyFailed, compute, refresh })
  const waitFor = createSoftTimeout({ clock, flights, validity })
  const joinRule = createJoinRule(follower, validity)

  function launchFlight(request: ReadRequest, replaced: LocalEntry | undefined): Flight<LoadResult> {
    const { key, rules } = request
    return flights.launch({
      key,
      stamp: follower.takeStamp(0),
      tags: knownTags(request),
      hardTimeout: rules.hardTimeout,
      isBackground: replaced !== undefined,
      run: (flight) => lookUpOrCompute({ request, flight, replaced }),
      onAbort: (flight, reason) => abortFlight(request, flight, reason),
    })
  }

  /** At the hard timeout, the old value is served instead, if it may be. */
  function abortFlight(request: ReadRequest, flight: Flight<LoadResult>, reason: LarderError) {
    const isTimeout = isHardTimeout(reason)
    const { stamp, isBackground } = flight
    recorder.compute(request.key, isTimeout ? 'timeout' : 'aborted', isBackground, stamp.startedAt.monotonic)
    const old = isTimeout ? servableFallback(flight, validity) : undefined
    if (old !== undefined) recentlyFailed.add(request.key, request.rules.retryAfter)
    return old
  }

  /** Starts a background refresh, unless one is running or the source failed within `retryAfter`. */
  function refresh(request: ReadRequest, replaced: LocalEntry): void {
    const running = flights.get(request.key)
    if (recentlyFailed.has(request.key) || running?.isBackground) return
    recorder.refresh()
    computeDependencies.dependencies.untracked(() => {
      const flight = launchFlight({ ...request, signal: undefined }, replaced)
      flight.result.catch(() => recentlyFailed.add(request.key, request.rules.retryAfter))
    })
  }

  /** Joins the flight of the key, or launches one. */
  function load(request: ReadRequest): Promise<LoadResult> {
    const running = request.mustCompute === undefined ? flights.get(request.key) : undefined
    if (running === undefined) return waitFor(launchFlight(request, undefined), request)
    const now = momentOf(clock)
    return joinRule.canJoin(running, now)
      ? joinFlight(request, running, joinRule.arrivalAt(now))
      : waitFor(launchFlight(request, undefined), request)
  }

  async function joinFlight(request: ReadRequest, running: Flight<LoadResult>, arrival: Arrival) {
    recorder.join()
    request.batch?.markDecided()
    const result = await waitFor(running, request)
    recorder.joined(request.key, arrival.startedAt.monotonic)
    const isAccepted = result.outcome === 'miss' || acceptsEntry(request, result.entry)
    if (isAccepted && !joinRule.isOvertaken(result, running, arrival)) return result
    return load(request)
  }

  return {
    get flightCount() {
      return flights.size
    },
    load,
    refresh,

    /** Starts a background refresh if refresh-ahead or the XFetch draw says so. */
    refreshIfDue(request: ReadRequest, entry: LocalEntry): void {
      if (isRefreshDue(entry, request.rules, follower.now(), clock)) refresh(request, entry)
    },

    /** Whether the source of the key failed within `retryAfter`. */
    hasFailedRecently: (key: string) => recentlyFailed.has(key),
  }
}

export type Loader = ReturnType<typeof createLoader>

/** The tags that are known before the computation. */
function knownTags({ scopeTags, rules }: ReadRequest): readonly string[] {
  const tags = typeof rules.tags === 'function' ? [] : rules.tags
  return scopeTags.length === 0 ? tags : [...scopeTags, ...tags]
}

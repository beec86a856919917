import type { Clock } from '../contracts/clock'
import type { LocalEntry } from '../entry/local-entry'
import { momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import { createDeadlines } from '../resilience/deadlines'
import { isRefreshDue } from '../storage/early-refresh'
import { forcedMiss, type Hit, type Lookup, type Stale } from '../storage/lookup'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import { createComputeOnce } from './compute-once'
import { computationsAround } from './dependencies'
import { createExpiringSet } from './expiring-set'
import { createFill } from './fill'
import { createFlights, type Flight } from './flight'
import { type Arrival, createJoinRule } from './join-rule'
import { createLaunchFlight } from './launch-flight'
import type { LeaseCoordinator } from './lease-coordinator'
import { createLookUpOrCompute } from './look-up-or-compute'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { ComputeDependencies } from './run-computation'
import { createSoftTimeout } from './soft-timeout'
import type { SourceLimit } from './source-limit'
import { isWaitingFor, recordWait, type WaitNode } from './wait-graph'

/** Dependencies of {@link createLoader}. */
interface LoaderOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly leases: LeaseCoordinator | undefined
  readonly computeDependencies: ComputeDependencies
  readonly recorder: Recorder
  /** The limit on computations of the cache. */
  readonly sourceLimit: SourceLimit | undefined
  /** Computes for one caller and does not store the result. */
  bypass(request: ReadRequest): Promise<LocalEntry>
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
  const superseded = createExpiringSet(clock, maxTrackedKeys)
  const joinRule = createJoinRule(follower, validity)
  const waitFor = createSoftTimeout({ clock, flights, validity })
  const fill = createFill({ ...options, hitForMiss, superseded })
  const compute = createComputeOnce({ ...options, fill, recentlyFailed, hitForMiss })
  const lookUpOrCompute = createLookUpOrCompute({
    ...options,
    recentlyFailed,
    superseded,
    compute,
    startRefresh,
  })
  const launchFlight = createLaunchFlight({ ...options, flights, recentlyFailed, lookUpOrCompute })

  /** A caller that must not get a cached value may only share a computation that begins after its arrival. */
  function joinableFlight({ key, mustCompute }: ReadRequest): Flight<LoadResult> | undefined {
    const running = flights.get(key)
    return mustCompute === undefined || (mustCompute === forcedMiss && running?.isPending?.())
      ? running
      : undefined
  }

  /** Joins the flight of the key, or launches one. `earlier`: the arrival of a caller whose first flight was overtaken. */
  function loadEntry(request: ReadRequest, earlier?: Arrival): Promise<LoadResult> {
    // A caller that has left already starts no computation.
    if (request.signal?.aborted) return Promise.reject(request.signal.reason)
    const running = joinableFlight(request)
    if (running === undefined) return waitFor(launchFlight(request, undefined), request)
    const now = momentOf(clock)
    return joinRule.canJoin(running, now)
      ? joinFlight(request, running, earlier ?? joinRule.arrivalAt(now))
      : waitFor(launchFlight(request, undefined), request)
  }

  /** A computation that would wait for one that waits for its place lends it. */
  function lendPlace(running: Flight<LoadResult>): void {
    if (running.lendPlace === undefined) return
    const joiner = computeDependencies.dependencies.currentCapture()
    if (joiner !== undefined) running.lendPlace(joiner)
  }

  /** Two computations that need each other: the one that finds it out does not wait, and its value is not stored. */
  async function computeAlone(request: ReadRequest): Promise<LoadResult> {
    return { outcome: 'miss', entry: await options.bypass(request), reason: undefined }
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

  async function joinFlight(
    request: ReadRequest,
    running: Flight<LoadResult>,
    arrival: Arrival,
  ): Promise<LoadResult> {
    const waiters = computationsAround()
    if (isWaitingFor(running, waiters)) return computeAlone(request)
    recorder.join(request)
    lendPlace(running)
    request.batch?.markDecided()
    const result = await waitInside(waiters, running, request)
    recorder.joined(request, arrival.startedAt.monotonic)
    const isAccepted = result.outcome === 'miss' || acceptsEntry(request, result.entry)
    if (isAccepted && !joinRule.isOvertaken(result, running, arrival)) return result
    return loadEntry(request, arrival)
  }

  /** Starts a background refresh, unless one is running or the source failed within `retryAfter`. */
  function startRefresh(request: ReadRequest, replaced: LocalEntry): void {
    const running = flights.get(request.key)
    if (recentlyFailed.has(request.key) || running?.isBackground) return
    recorder.refresh(request)
    computeDependencies.dependencies.runDetached(() => {
      const flight = launchFlight({ ...request, signal: undefined }, replaced)
      flight.result.catch(() => recentlyFailed.add(request.key, request.rules.retryAfter))
    })
  }

  return {
    get flightCount() {
      return flights.size
    },
    loadEntry: (request: ReadRequest) => loadEntry(request),

    /** Starts a background refresh of a local entry that is served: if it is stale, or if an early refresh is due. */
    refreshServed({ outcome, entry }: Hit | Stale, request: ReadRequest): void {
      const now = validity.timeOf(entry)
      const isDue =
        outcome === 'stale' || (now >= entry.refreshAt && isRefreshDue(entry, request.rules, now, clock))
      if (isDue) startRefresh(request, entry)
    },

    fill,

    /** Whether an entry in this process may be served. Its stale value may not, if the value after it could not be stored. */
    isServable: (lookup: Lookup): lookup is Hit | Stale =>
      lookup.outcome === 'hit' || (lookup.outcome === 'stale' && !superseded.has(lookup.entry.key)),

    /** Whether the source of the key failed within `retryAfter`. */
    hasFailedRecently: (key: string) => recentlyFailed.has(key),
  }
}

export type Loader = ReturnType<typeof createLoader>

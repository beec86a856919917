import type { Clock } from '../contracts/clock'
import type { LocalEntry } from '../entry/local-entry'
import { momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import { isRefreshDue } from '../storage/early-refresh'
import type { Hit, Lookup, Stale } from '../storage/lookup'
import type { Tiers } from '../storage/tiers'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import type { Tracing } from '../telemetry/tracing'
import { createComputeOnce } from './compute-once'
import { createExpiringSet } from './expiring-set'
import { createFill } from './fill'
import { createJoinFlight } from './join-flight'
import { type Arrival, createJoinRule } from './join-rule'
import { createLaunchFlight } from './launch-flight'
import { createLookUpOrCompute } from './look-up-or-compute'
import type { LoadResult, ReadRequest } from './read-request'
import type { ComputeDependencies, ComputedEntry } from './run-computation'
import type { SharedSingleFlight } from './shared-single-flight'
import { createFlights } from './single-flight'
import { createSoftTimeout } from './soft-timeout'
import type { SourceLimit } from './source-limit'

/** Dependencies of {@link createLoader}. */
interface LoaderOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly leases: SharedSingleFlight | undefined
  readonly computeDependencies: ComputeDependencies
  readonly recorder: Recorder
  readonly tracing: Tracing
  /** The limit on computations of the cache. */
  readonly sourceLimit: SourceLimit | undefined
  /** Computes for one caller and does not store the result. */
  bypass(request: ReadRequest): Promise<ComputedEntry>
  /** A closed cache stores no entries. */
  isClosed(): boolean
}

/** Maximum number of keys in each expiring set. */
const maxTrackedKeys = 10_000

/**
 * Finds or computes values, with one flight per key. Serves stale values as far as the rules allow, and never returns a
 * result that an invalidation before the call has overtaken.
 */
export function createLoader(options: LoaderOptions) {
  const { clock, follower, validity, recorder } = options
  const { dependencies } = options.computeDependencies
  const flights = createFlights<LoadResult>(clock)
  const recentlyFailed = createExpiringSet(clock, maxTrackedKeys)
  const hitForMiss = createExpiringSet(clock, maxTrackedKeys)
  const superseded = createExpiringSet(clock, maxTrackedKeys)
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
  const waitFor = createSoftTimeout({ clock, flights, validity })
  const joinRule = createJoinRule(follower, validity)
  const joinFlight = createJoinFlight({ ...options, dependencies, joinRule, waitFor, loadAgain: loadEntry })

  /** Joins the flight of the key, or launches one. `earlier`: the arrival of a caller whose first flight was overtaken. */
  function loadEntry(request: ReadRequest, earlier?: Arrival): Promise<LoadResult> {
    // A caller that has left already starts no computation.
    if (request.signal?.aborted) return Promise.reject(request.signal.reason)
    const running = flights.get(request.key)
    if (running === undefined) return waitFor(launchFlight(request, undefined), request)
    const now = momentOf(clock)
    return joinRule.canJoin(request, running, now)
      ? joinFlight(request, running, earlier ?? joinRule.arrivalAt(now))
      : waitFor(launchFlight(request, undefined), request)
  }

  /** Starts a background refresh, unless one is running or the source failed within `retryAfter`. */
  function startRefresh(request: ReadRequest, replaced: LocalEntry): void {
    const running = flights.get(request.key)
    if (recentlyFailed.has(request.key) || running?.isBackground) return
    recorder.refresh(request)
    dependencies.runDetached(() => {
      const flight = launchFlight({ ...request, signal: undefined }, replaced)
      flight.result.catch(() => recentlyFailed.add(request.key, request.rules.retryAfter))
    })
  }

  return {
    get flightCount() {
      return flights.size
    },
    loadEntry,

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

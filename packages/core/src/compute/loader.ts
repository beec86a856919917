import type { Clock } from '../contracts/clock'
import type { LocalEntry } from '../entry/entry'
import { momentOf } from '../entry/moment'
import type { LarderError } from '../errors'
import type { Follower } from '../invalidation/follower'
import { forcedMiss, type Hit, type Lookup, type Stale } from '../storage/lookup'
import type { Tiers } from '../storage/tiers'
import { isRefreshDue } from '../storage/to-local-entry'
import type { Validity } from '../storage/validity'
import type { Recorder } from '../telemetry/recorder'
import type { Tracing } from '../telemetry/tracing'
import { createFill } from './compute-and-fill'
import { createExpiringSet, type ExpiringSet } from './expiring-set'
import { type Arrival, createJoinFlight, createJoinRule } from './join-flight'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { ComputeDependencies, ComputedEntry } from './run-computation'
import { createRunFlight } from './run-flight'
import type { SharedSingleFlight } from './shared-single-flight'
import { createFlights, type Flight, type Flights } from './single-flight'
import type { LimitTime, SourceLimit } from './source-limit'

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
  readonly limitTime: LimitTime
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
  const { clock, validity, tiers, recorder } = options
  const { dependencies } = options.computeDependencies
  const flights = createFlights<LoadResult>(clock)
  const recentlyFailed = createExpiringSet(clock, maxTrackedKeys)
  const hitForMiss = createExpiringSet(clock, maxTrackedKeys)
  const superseded = createExpiringSet(clock, maxTrackedKeys)
  const fill = createFill({ ...options, hitForMiss, superseded })
  const runFlight = createRunFlight({
    ...options,
    fill,
    recentlyFailed,
    hitForMiss,
    superseded,
    startRefresh,
  })
  const launchFlight = createLaunchFlight(options, flights, recentlyFailed, runFlight)
  const loadEntry = createLoadEntry(options, flights, launchFlight)

  /** Starts a background refresh, unless one is running or the source failed within `retryAfter`. */
  function startRefresh(request: ReadRequest, replaced: LocalEntry): void {
    const running = flights.get(request.key)
    if (recentlyFailed.has(request.key) || running?.isBackground) return
    recorder.refresh(request)
    dependencies.runDetached(() => {
      const local = tiers.peek(request.key)
      const flight = launchFlight({ ...request, signal: undefined }, local, replaced)
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

/** Returns a function that joins the flight of a key, or launches one that begins with this process's entry of the key. */
function createLoadEntry(
  options: LoaderOptions,
  flights: Flights<LoadResult>,
  launchFlight: ReturnType<typeof createLaunchFlight>,
) {
  const { clock, follower, validity, tiers } = options
  const { dependencies } = options.computeDependencies
  const waitFor = createWaitFor(options, flights)
  const joinRule = createJoinRule(follower, validity)
  const joinFlight = createJoinFlight({ ...options, dependencies, joinRule, waitFor, loadAgain })

  function loadEntry(
    request: ReadRequest,
    local: LocalEntry | undefined,
    earlier?: Arrival,
  ): Promise<LoadResult> {
    // A caller that has left already starts no computation.
    if (request.signal?.aborted) return Promise.reject(request.signal.reason)
    const running = flights.get(request.key)
    if (running === undefined) return waitFor(launchFlight(request, local, undefined), request)
    const now = momentOf(clock)
    return joinRule.canJoin(request, running, now)
      ? joinFlight(request, running, earlier ?? joinRule.arrivalAt(now))
      : waitFor(launchFlight(request, local, undefined), request)
  }

  /** For a caller whose first flight was overtaken. */
  function loadAgain(request: ReadRequest, arrival: Arrival): Promise<LoadResult> {
    return loadEntry(request, tiers.peek(request.key), arrival)
  }

  return loadEntry
}

/** Returns a function that launches the flight of a request. `replaced`: the entry that a background refresh replaces. */
function createLaunchFlight(
  { follower, validity, recorder }: LoaderOptions,
  flights: Flights<LoadResult>,
  recentlyFailed: ExpiringSet,
  runFlight: ReturnType<typeof createRunFlight>,
) {
  /** At the hard timeout, the old value is served instead, if it may be. */
  function abortFlight(
    request: ReadRequest,
    flight: Flight<LoadResult>,
    reason: LarderError,
  ): LoadResult | undefined {
    const isTimeout = reason.code === 'COMPUTE_TIMEOUT'
    const { stamp, isBackground } = flight
    recorder.compute(request, isTimeout ? 'timeout' : 'aborted', isBackground, stamp.startedAt.monotonic)
    const old = isTimeout ? servableFallback(flight, validity) : undefined
    if (old !== undefined) recentlyFailed.add(request.key, request.rules.retryAfter)
    return old
  }

  return (
    request: ReadRequest,
    local: LocalEntry | undefined,
    replaced: LocalEntry | undefined,
  ): Flight<LoadResult> =>
    flights.launchFlight({
      key: request.key,
      stamp: follower.takeStamp(0),
      tags: knownTags(request),
      hardTimeout: request.rules.hardTimeout,
      isBackground: replaced !== undefined,
      isPending: request.mustCompute === forcedMiss ? request.batch?.isPending : undefined,
      runFlight: (flight) => runFlight({ request, flight, local, replaced }),
      onAbort: (flight, reason) => abortFlight(request, flight, reason),
    })
}

/** The tags that are known before the computation. */
function knownTags({ scopeTags, rules }: ReadRequest): readonly string[] {
  const tags = typeof rules.tags === 'function' ? [] : rules.tags
  return scopeTags.length === 0 ? tags : [...scopeTags, ...tags]
}

/** Returns a function that waits for a flight. At the caller's soft timeout, a stale value is served instead, if one may be. */
function createWaitFor({ clock, validity }: LoaderOptions, flights: Flights<LoadResult>) {
  return (flight: Flight<LoadResult>, request: ReadRequest): Promise<LoadResult> => {
    const { softTimeout } = request.rules
    const result = flights.joinFlight(flight, request.signal)
    if (softTimeout === Number.POSITIVE_INFINITY) return result
    return substituteAfter(clock, softTimeout, result, () => {
      const fallback = servableFallback(flight, validity)
      return fallback !== undefined && acceptsEntry(request, fallback.entry) ? fallback : undefined
    })
  }
}

/** The flight's stale result, if it may be served instead of waiting any longer. */
function servableFallback({ fallback }: Flight<LoadResult>, validity: Validity): LoadResult | undefined {
  return fallback !== undefined && validity.stateOf(fallback.entry) !== 'dead' ? fallback : undefined
}

/** The result; or, if it takes longer than `delay` ms, the substitute, if there is one then. */
function substituteAfter<T>(
  clock: Clock,
  delay: number,
  result: Promise<T>,
  findSubstitute: () => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancelTimer = clock.timeout(delay, () => {
      const substitute = findSubstitute()
      if (substitute !== undefined) resolve(substitute)
    })
    result.then(resolve, reject).finally(cancelTimer)
  })
}

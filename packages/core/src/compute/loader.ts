import type { Clock } from '../contracts/clock'
import type { CacheEvents, MissReason } from '../contracts/events'
import { fingerprintBytes, type Lease } from '../contracts/lease'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import { type Moment, momentOf } from '../entry/moment'
import type { LarderError } from '../errors'
import type { Follower } from '../invalidation/follower'
import type { MaybePromise } from '../maybe-promise'
import { createDeadlines } from '../resilience/deadlines'
import { isRefreshDue } from '../storage/to-local-entry'
import type { Found } from '../storage/shared-tier-client'
import type { Validity } from '../storage/validity'
import type { Tiers } from '../storage/tiers'
import type { Counters } from '../telemetry/counters'
import type { Emitter } from '../telemetry/emitter'
import type { LeaseCoordinator } from './lease-coordinator'
import { createFlights, type Flight } from './flight'
import { createExpiringSet } from './expiring-set'
import { ComputeFailure, type ComputeDependencies, runComputation } from './run-computation'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import { createFill } from './fill'
import { createSoftTimeout, fallbackOf, isTimeout } from './soft-timeout'

/** What the loader is made of. */
export interface LoaderOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly fleet: LeaseCoordinator | undefined
  readonly computeDependencies: ComputeDependencies
  readonly emitter: Emitter
  readonly counters: Counters
}

/** When a caller came, and whether everything that counts was applied by then. */
type Arrival = Omit<Stamp, 'asOf'> & { readonly isCurrent: boolean }

/** A computation for one flight. */
interface Job {
  readonly request: ReadRequest
  readonly flight: Flight<LoadResult>
  /** What there is already, if anything. */
  readonly old: LoadResult | undefined
  /** Tells the stored entry that was seen. */
  readonly known: Uint8Array | undefined
  /** Why it is computed, where that was found out on the way. */
  readonly reason: MissReason | undefined
}

/** Keys that pauses and passes are remembered for at most. */
const markCapacity = 10_000

/**
 * Finds or computes values: one flight per key, stale values while and when the rules allow them, and no entry
 * stored that an invalidation has overtaken.
 */
export function createLoader(options: LoaderOptions) {
  const { clock, follower, validity, tiers, fleet, computeDependencies, emitter, counters } = options
  const { table } = follower
  const flights = createFlights<LoadResult>(createDeadlines(clock))
  /** Keys whose source failed a moment ago: their stale values are served without asking it. */
  const pauses = createExpiringSet(clock, markCapacity)
  /** Keys whose values are not stored: nobody waits in line for them. */
  const passes = createExpiringSet(clock, markCapacity)

  const store = createFill({ follower, tiers, fleet, passes, emitter, counters })
  const wait = createSoftTimeout({ clock, flights, validity })

  function arrivalAt(now: Moment): Arrival {
    return { ...follower.currentPlace(), startedAt: now, isCurrent: follower.isCurrentAt(now) }
  }

  function tellJoined({ key }: ReadRequest, { startedAt }: Arrival): void {
    if (!emitter.hasListeners('join')) return
    emitter.emit('join', { key, duration: clock.monotonic() - startedAt.monotonic })
  }

  /** Whether someone who arrives now may share what this flight brings. */
  function mayJoin({ key, tags, stamp }: Flight<LoadResult>, now: Moment): boolean {
    const verdict = table.judge({ key, tags, asOf: stamp.asOf, sequence: stamp.sequence })
    return verdict !== 'dead' && validity.isWithinBound(stamp, now)
  }

  /** Whether what a flight brought was overtaken, by what only its result revealed, before this caller arrived. */
  function isOvertaken({ entry, isFresh }: LoadResult, { stamp }: Flight<LoadResult>, arrived: Arrival): boolean {
    const isProven = !isFresh || arrived.isCurrent || validity.isRecentAt(entry, arrived.startedAt)
    if (!isProven) return true
    const { position, asOf, sequence } = stamp
    if (arrived.position === position && arrived.sequence === sequence) return false
    return table.judge({ key: entry.key, tags: entry.tags, asOf, sequence }) === 'dead'
  }

  function launch(request: ReadRequest, replaced: LocalEntry | undefined): Flight<LoadResult> {
    const { key, scopeTags, rules } = request
    const tags = typeof rules.tags === 'function' ? [] : rules.tags
    return flights.launch({
      key,
      stamp: follower.takeStamp(0),
      tags: scopeTags.length === 0 ? tags : [...scopeTags, ...tags],
      hardTimeout: rules.hardTimeout,
      isBackground: replaced !== undefined,
      work: (flight) => lead(request, flight, replaced),
      onEnd: (flight, reason) => end(request, flight, reason),
    })
  }

  /** A flight has ended before its work: an old value steps in for a timeout. */
  function end(request: ReadRequest, flight: Flight<LoadResult>, reason: LarderError): LoadResult | undefined {
    const isLate = isTimeout(reason)
    note(request, flight, isLate ? 'timeout' : 'aborted')
    const old = isLate ? fallbackOf(flight, validity) : undefined
    if (old !== undefined) pauses.set(request.key, request.rules.retryAfter)
    return old
  }

  /** The best candidate at hand, then, failing a fresh one, what the shared tiers have. */
  function lead(
    request: ReadRequest,
    flight: Flight<LoadResult>,
    replaced: LocalEntry | undefined,
  ): MaybePromise<LoadResult> {
    const job = { request, flight, old: undefined, known: undefined, reason: undefined }
    if (request.fresh) return compute(job)
    const entry = tiers.peek(request.key)
    const local = entry && { entry, tier: tiers.localName }
    if (tiers.isShared) return lookUp(job, local, replaced)
    return local === undefined ? compute(job) : use(local, job, replaced)
  }

  function lookUp(job: Job, local: Found | undefined, replaced: LocalEntry | undefined): Promise<LoadResult> {
    const { key, rules, batch } = job.request
    const company = batch === undefined ? 'alone' : 'together'
    return tiers.fetchOne({ key, rules, company }).then((answer) => {
      if (typeof answer === 'object') return use(answer, job, replaced)
      return local === undefined ? compute({ ...job, reason: answer }) : use(local, job, replaced)
    })
  }

  /** Serves what was found as far as it may be, and computes what must be new. */
  function use(found: Found, job: Job, replaced: LocalEntry | undefined): MaybePromise<LoadResult> {
    const { request, flight } = job
    const { entry } = found
    const state = validity.stateOf(entry)
    if (state === 'dead') return compute({ ...job, reason: validity.reasonNotFresh(entry) })
    const isFresh = state === 'fresh'
    const old: LoadResult = { entry, tier: found.tier, isFresh }
    const known = found.bytes?.subarray(0, fingerprintBytes)
    if (!acceptsEntry(request, entry)) return compute({ ...job, old, known, reason: 'forced' })
    if (isFresh && (replaced === undefined || isNews(entry, replaced))) return old
    if (replaced === undefined && (state === 'stale' || pauses.has(request.key))) {
      if (state === 'stale') refresh(request, entry)
      return old
    }
    flight.fallback = old
    return compute({ ...job, old, known, reason: validity.reasonNotFresh(entry) })
  }

  /**
   * Whether a refresh may end with this. What ended in this process for the sake of its tier's `maxTtl` alone may be fresh
   * elsewhere, and need no refresh there.
   */
  function isNews(entry: LocalEntry, replaced: LocalEntry): boolean {
    return entry.createdAt > replaced.createdAt || follower.now() < entry.refreshAt
  }

  /** Computes, alone among all processes where that can be had; falls back to the old value if computing fails. */
  function compute(job: Job): Promise<LoadResult> {
    const computed = fleet === undefined || isAlone(job) ? run(job, undefined) : takeTurn(fleet, job)
    return job.old === undefined ? computed : computed.catch((error) => recover(job, error))
  }

  /** Whether no other process is to be asked or waited for. */
  function isAlone({ request }: Job): boolean {
    return request.fresh || request.batch !== undefined || follower.position < 0 || passes.has(request.key)
  }

  function takeTurn(fleet: LeaseCoordinator, job: Job): Promise<LoadResult> {
    const { request, flight, known } = job
    const { key, rules } = request
    return fleet.take<LoadResult>({
      key,
      asOf: follower.position,
      notBefore: table.lastHardInvalidation(key, flight.tags),
      known,
      abort: flight.abort,
      compute: (lease) => run(job, lease),
      async adopt(bytes) {
        const found = await tiers.adopt(bytes, key, rules)
        return found !== undefined && validity.stateOf(found.entry) === 'fresh' && acceptsEntry(request, found.entry)
          ? { ...found, isFresh: true }
          : undefined
      },
    })
  }

  /** An old value that may be served on error. @throws the function's own error, where there is none. */
  function recover({ request, old }: Job, error: unknown): LoadResult {
    if (old === undefined || validity.stateOf(old.entry) === 'dead' || !acceptsEntry(request, old.entry)) throw error
    pauses.set(request.key, request.rules.retryAfter)
    return old
  }

  async function run({ request, flight, old, reason }: Job, lease: Lease | undefined): Promise<LoadResult> {
    const { sourceLag } = request.rules
    // Nothing was waited for where no tier is shared: it stands where the flight began.
    const stamp = tiers.isShared || sourceLag > 0 ? follower.takeStamp(sourceLag) : flight.stamp
    const { abort, isBackground } = flight
    try {
      const product = await runComputation(computeDependencies, { request, stamp, abort, isBackground, previous: old?.entry })
      pauses.delete(request.key)
      note(request, flight, 'value')
      const entry = store(request, product, stamp, lease)
      return { entry, tier: 'computed', isFresh: true, reason }
    } catch (failure) {
      note(request, flight, 'error')
      if (!(failure instanceof ComputeFailure)) throw failure
      if (failure.product !== undefined && old === undefined) store(request, failure.product, stamp, lease)
      throw failure.error
    }
  }

  function note(request: ReadRequest, flight: Flight<LoadResult>, outcome: ComputeOutcome): void {
    counters.computes[outcome] += 1
    if (!emitter.hasListeners('compute')) return
    const duration = clock.monotonic() - flight.stamp.startedAt.monotonic
    emitter.emit('compute', { key: request.key, duration, outcome, background: flight.isBackground })
  }

  /** Computes behind everybody's back, unless that is already under way or the source just failed. */
  function refresh(request: ReadRequest, replaced: LocalEntry): void {
    const running = flights.get(request.key)
    if (pauses.has(request.key) || running?.isBackground) return
    counters.refreshes += 1
    computeDependencies.dependencies.untracked(() => {
      const flight = launch({ ...request, signal: undefined }, replaced)
      flight.result.catch(() => pauses.set(request.key, request.rules.retryAfter))
    })
  }

  /** Joins the flight under way, or starts one. Never returns what an invalidation overtook before this call. */
  function load(request: ReadRequest): Promise<LoadResult> {
    const running = request.fresh ? undefined : flights.get(request.key)
    if (running === undefined) return wait(launch(request, undefined), request)
    const now = momentOf(clock)
    return mayJoin(running, now)
      ? join(request, running, arrivalAt(now))
      : wait(launch(request, undefined), request)
  }

  async function join(request: ReadRequest, running: Flight<LoadResult>, arrived: Arrival): Promise<LoadResult> {
    counters.joins += 1
    request.batch?.decided()
    const outcome = await wait(running, request)
    tellJoined(request, arrived)
    const isWanted = outcome.tier === 'computed' || acceptsEntry(request, outcome.entry)
    if (isWanted && !isOvertaken(outcome, running, arrived)) return outcome
    return load(request)
  }

  return {
    flights,

    /** Refreshes an entry that is past its `refreshAt`, if its lot falls so. */
    refreshIfDue(request: ReadRequest, entry: LocalEntry): void {
      if (isRefreshDue(entry, request.rules, follower.now(), clock)) refresh(request, entry)
    },

    refresh,

    /** Whether the source of the key failed a moment ago. */
    isPaused: (key: string) => pauses.has(key),

    load,
  }
}

export type Loader = ReturnType<typeof createLoader>

type ComputeOutcome = CacheEvents['compute']['outcome']

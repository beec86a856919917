import type { Clock } from '../contracts/clock'
import { fingerprintBytes, type Lease } from '../contracts/lease'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import { type Moment, momentOf } from '../entry/moment'
import type { LarderError } from '../errors'
import { createDeadlines } from '../faults/deadlines'
import type { Follower } from '../invalidation/follower'
import type { Later } from '../later'
import { isDueEarly } from '../storage/hold'
import type { Found } from '../storage/shared-access'
import type { Standing } from '../storage/standing'
import type { Tiers } from '../storage/tiers'
import type { Emitter } from '../telemetry/emitter'
import type { CacheEvents, MissReason } from '../telemetry/events'
import type { Counters } from '../telemetry/stats'
import type { Fleet } from './fleet'
import { createFlights, type Flight } from './flight'
import { createMarks } from './marks'
import { ComputeFailure, type Production, produce } from './produce'
import { accepts, type Outcome, type Request } from './request'
import { createStoring } from './storing'
import { createWaiting, fallbackOf, isTimeout } from './waiting'

/** What the loader is made of. */
export interface LoaderOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly standing: Standing
  readonly tiers: Tiers
  readonly fleet: Fleet | undefined
  readonly production: Production
  readonly emitter: Emitter
  readonly counters: Counters
}

/** When a caller came, and whether everything that counts was applied by then. */
type Arrival = Omit<Stamp, 'asOf'> & { readonly isCurrent: boolean }

/** A computation for one flight. */
interface Job {
  readonly request: Request
  readonly flight: Flight<Outcome>
  /** What there is already, if anything. */
  readonly old: Outcome | undefined
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
  const { clock, follower, standing, tiers, fleet, production, emitter, counters } = options
  const { table } = follower
  const flights = createFlights<Outcome>(createDeadlines(clock))
  /** Keys whose source failed a moment ago: their stale values are served without asking it. */
  const pauses = createMarks(clock, markCapacity)
  /** Keys whose values are not stored: nobody waits in line for them. */
  const passes = createMarks(clock, markCapacity)

  const store = createStoring({ follower, tiers, fleet, passes, emitter, counters })
  const wait = createWaiting({ clock, flights, standing })

  function arrivalAt(now: Moment): Arrival {
    return { ...follower.place(), startedAt: now, isCurrent: follower.isCurrentAt(now) }
  }

  function tellJoined({ key }: Request, { startedAt }: Arrival): void {
    if (!emitter.listens('join')) return
    emitter.emit('join', { key, duration: clock.monotonic() - startedAt.monotonic })
  }

  /** Whether someone who arrives now may share what this flight brings. */
  function mayJoin({ key, tags, stamp }: Flight<Outcome>, now: Moment): boolean {
    const verdict = table.judge({ key, tags, asOf: stamp.asOf, sequence: stamp.sequence })
    return verdict !== 'dead' && standing.isWithinBound(stamp, now)
  }

  /** Whether what a flight brought was overtaken, by what only its result revealed, before this caller arrived. */
  function isOvertaken({ entry, isFresh }: Outcome, { stamp }: Flight<Outcome>, arrived: Arrival): boolean {
    const isProven = !isFresh || arrived.isCurrent || standing.isRecentAt(entry, arrived.startedAt)
    if (!isProven) return true
    const { position, asOf, sequence } = stamp
    if (arrived.position === position && arrived.sequence === sequence) return false
    return table.judge({ key: entry.key, tags: entry.tags, asOf, sequence }) === 'dead'
  }

  function launch(request: Request, replaced: LocalEntry | undefined): Flight<Outcome> {
    const { key, scopeTags, rules } = request
    const tags = typeof rules.tags === 'function' ? [] : rules.tags
    return flights.launch({
      key,
      stamp: follower.stamp(0),
      tags: scopeTags.length === 0 ? tags : [...scopeTags, ...tags],
      hardTimeout: rules.hardTimeout,
      isBackground: replaced !== undefined,
      work: (flight) => lead(request, flight, replaced),
      onEnd: (flight, reason) => end(request, flight, reason),
    })
  }

  /** A flight has ended before its work: an old value steps in for a timeout. */
  function end(request: Request, flight: Flight<Outcome>, reason: LarderError): Outcome | undefined {
    const isLate = isTimeout(reason)
    note(request, flight, isLate ? 'timeout' : 'aborted')
    const old = isLate ? fallbackOf(flight, standing) : undefined
    if (old !== undefined) pauses.set(request.key, request.rules.retryAfter)
    return old
  }

  /** The best candidate at hand, then, failing a fresh one, what the shared tiers have. */
  function lead(request: Request, flight: Flight<Outcome>, replaced: LocalEntry | undefined): Later<Outcome> {
    const job = { request, flight, old: undefined, known: undefined, reason: undefined }
    if (request.fresh) return compute(job)
    const entry = tiers.peek(request.key)
    const local = entry && { entry, tier: tiers.localName }
    if (tiers.isShared) return lookUp(job, local, replaced)
    return local === undefined ? compute(job) : use(local, job, replaced)
  }

  function lookUp(job: Job, local: Found | undefined, replaced: LocalEntry | undefined): Promise<Outcome> {
    const { key, rules, batch } = job.request
    const company = batch === undefined ? 'alone' : 'together'
    return tiers.fetchOne({ key, rules, company }).then((answer) => {
      if (typeof answer === 'object') return use(answer, job, replaced)
      return local === undefined ? compute({ ...job, reason: answer }) : use(local, job, replaced)
    })
  }

  /** Serves what was found as far as it may be, and computes what must be new. */
  function use(found: Found, job: Job, replaced: LocalEntry | undefined): Later<Outcome> {
    const { request, flight } = job
    const { entry } = found
    const state = standing.of(entry)
    if (state === 'dead') return compute({ ...job, reason: standing.reason(entry) })
    const isFresh = state === 'fresh'
    const old: Outcome = { entry, tier: found.tier, isFresh }
    const known = found.bytes?.subarray(0, fingerprintBytes)
    if (!accepts(request, entry)) return compute({ ...job, old, known, reason: 'forced' })
    if (isFresh && (replaced === undefined || isNews(entry, replaced))) return old
    if (replaced === undefined && (state === 'stale' || pauses.has(request.key))) {
      if (state === 'stale') refresh(request, entry)
      return old
    }
    flight.fallback = old
    return compute({ ...job, old, known, reason: standing.reason(entry) })
  }

  /**
   * Whether a refresh may end with this. What ended in this process for the sake of its tier's `maxTtl` alone may be fresh
   * elsewhere, and need no refresh there.
   */
  function isNews(entry: LocalEntry, replaced: LocalEntry): boolean {
    return entry.createdAt > replaced.createdAt || follower.now() < entry.refreshAt
  }

  /** Computes, alone among all processes where that can be had; falls back to the old value if computing fails. */
  function compute(job: Job): Promise<Outcome> {
    const computed = fleet === undefined || isAlone(job) ? run(job, undefined) : takeTurn(fleet, job)
    return job.old === undefined ? computed : computed.catch((error) => recover(job, error))
  }

  /** Whether no other process is to be asked or waited for. */
  function isAlone({ request }: Job): boolean {
    return request.fresh || request.batch !== undefined || follower.position < 0 || passes.has(request.key)
  }

  function takeTurn(fleet: Fleet, job: Job): Promise<Outcome> {
    const { request, flight, known } = job
    const { key, rules } = request
    return fleet.take<Outcome>({
      key,
      asOf: follower.position,
      notBefore: table.latest(key, flight.tags),
      known,
      abort: flight.abort,
      compute: (lease) => run(job, lease),
      async adopt(bytes) {
        const found = await tiers.adopt(bytes, key, rules)
        return found !== undefined && standing.of(found.entry) === 'fresh' && accepts(request, found.entry)
          ? { ...found, isFresh: true }
          : undefined
      },
    })
  }

  /** An old value that may be served on error. @throws the function's own error, where there is none. */
  function recover({ request, old }: Job, error: unknown): Outcome {
    if (old === undefined || standing.of(old.entry) === 'dead' || !accepts(request, old.entry)) throw error
    pauses.set(request.key, request.rules.retryAfter)
    return old
  }

  async function run({ request, flight, old, reason }: Job, lease: Lease | undefined): Promise<Outcome> {
    const { sourceLag } = request.rules
    // Nothing was waited for where no tier is shared: it stands where the flight began.
    const stamp = tiers.isShared || sourceLag > 0 ? follower.stamp(sourceLag) : flight.stamp
    const { abort, isBackground } = flight
    try {
      const product = await produce(production, { request, stamp, abort, isBackground, previous: old?.entry })
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

  function note(request: Request, flight: Flight<Outcome>, outcome: ComputeOutcome): void {
    counters.computes[outcome] += 1
    if (!emitter.listens('compute')) return
    const duration = clock.monotonic() - flight.stamp.startedAt.monotonic
    emitter.emit('compute', { key: request.key, duration, outcome, background: flight.isBackground })
  }

  /** Computes behind everybody's back, unless that is already under way or the source just failed. */
  function refresh(request: Request, replaced: LocalEntry): void {
    const running = flights.get(request.key)
    if (pauses.has(request.key) || running?.isBackground) return
    counters.refreshes += 1
    production.dependencies.untracked(() => {
      const flight = launch({ ...request, signal: undefined }, replaced)
      flight.result.catch(() => pauses.set(request.key, request.rules.retryAfter))
    })
  }

  /** Joins the flight under way, or starts one. Never returns what an invalidation overtook before this call. */
  function load(request: Request): Promise<Outcome> {
    const running = request.fresh ? undefined : flights.get(request.key)
    if (running === undefined) return wait(launch(request, undefined), request)
    const now = momentOf(clock)
    return mayJoin(running, now)
      ? join(request, running, arrivalAt(now))
      : wait(launch(request, undefined), request)
  }

  async function join(request: Request, running: Flight<Outcome>, arrived: Arrival): Promise<Outcome> {
    counters.joins += 1
    request.batch?.decided()
    const outcome = await wait(running, request)
    tellJoined(request, arrived)
    const isWanted = outcome.tier === 'computed' || accepts(request, outcome.entry)
    if (isWanted && !isOvertaken(outcome, running, arrived)) return outcome
    return load(request)
  }

  return {
    flights,

    /** Refreshes an entry that is past its `refreshAt`, if its lot falls so. */
    refreshIfDue(request: Request, entry: LocalEntry): void {
      if (isDueEarly(entry, request.rules, follower.now(), clock)) refresh(request, entry)
    },

    refresh,

    /** Whether the source of the key failed a moment ago. */
    isPaused: (key: string) => pauses.has(key),

    load,
  }
}

export type Loader = ReturnType<typeof createLoader>

type ComputeOutcome = CacheEvents['compute']['outcome']

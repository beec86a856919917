import type { Clock } from '../contracts/clock'
import type { Lease } from '../contracts/lease'
import type { HeldEntry, Stamp } from '../entry/held'
import type { Follower } from '../invalidation/follower'
import { isDueEarly } from '../storage/hold'
import type { Dropped, Found } from '../storage/shared-access'
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
import { createWaiting, isTimeout } from './waiting'

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
type Arrival = Stamp & { readonly isCurrent: boolean }

/** Keys that pauses and passes are remembered for at most. */
const markCapacity = 10_000

/**
 * Finds or computes values: one flight per key, stale values while and when the rules allow them, and no entry
 * stored that an invalidation has overtaken.
 */
export function createLoader(options: LoaderOptions) {
  const { clock, follower, standing, tiers, fleet, production, emitter, counters } = options
  const { table } = follower
  const flights = createFlights<Outcome>(clock)
  /** Keys whose source failed a moment ago: their stale values are served without asking it. */
  const pauses = createMarks(clock, markCapacity)
  /** Keys whose values are not stored: nobody waits in line for them. */
  const passes = createMarks(clock, markCapacity)

  const store = createStoring({
    clock,
    follower,
    tiers,
    fleet,
    passes,
    emitter,
    counters,
  })
  const wait = createWaiting({ clock, flights, standing, pauses })

  const tiered = (found: HeldEntry | undefined, tier: string) => found && { entry: found, tier }

  /** Whether someone who arrives now may share what this flight brings. */
  function mayJoin({ key, stamp, tags }: Flight<Outcome>): boolean {
    const asOf = Math.max(0, stamp.position)
    const verdict = table.judge({ key, tags: [...tags], asOf, sequence: stamp.sequence })
    return verdict !== 'dead' && standing.isWithinBound(stamp)
  }

  /** Whether what a flight brought was overtaken, by what only its result revealed, before this caller arrived. */
  function isOvertaken(outcome: Outcome, flight: Flight<Outcome>, arrived: Arrival): boolean {
    const isProven =
      !outcome.isFresh || arrived.isCurrent || standing.isRecentAt(outcome.entry, arrived.startedAt)
    if (!isProven) return true
    const { position, sequence } = flight.stamp
    if (arrived.position === position && arrived.sequence === sequence) return false
    return table.judge({ ...outcome.entry, asOf: Math.max(0, position), sequence }) === 'dead'
  }

  function launch(request: Request, replaced: HeldEntry | undefined): Flight<Outcome> {
    const flight = flights.launch({
      key: request.key,
      stamp: follower.stamp(0),
      tags: [...request.scopeTags, ...(typeof request.rules.tags === 'function' ? [] : request.rules.tags)],
      hardTimeout: request.rules.hardTimeout,
      isBackground: replaced !== undefined,
      work: (flight) => lead(request, flight, replaced),
    })
    flight.signal.addEventListener('abort', () => note(request, flight, outcomeOf(flight)), { once: true })
    return flight
  }

  /** The best candidate at hand, then, failing a fresh one, what the shared tiers have. */
  async function lead(
    request: Request,
    flight: Flight<Outcome>,
    replaced: HeldEntry | undefined,
  ): Promise<Outcome> {
    const { key } = request
    if (request.fresh) return compute(request, flight, undefined, undefined)
    const local = tiered(tiers.peek(key), tiers.localName)
    let dropped: MissReason | undefined
    const shared = await lookUp(request, (_, reason) => {
      dropped = reason
    })
    const found = shared ?? local
    const state = found === undefined ? 'dead' : standing.of(found.entry)
    if (found === undefined || state === 'dead') {
      const reason = found === undefined ? dropped : standing.reason(found.entry)
      return { ...(await compute(request, flight, undefined, undefined)), reason }
    }
    const isNews = replaced === undefined || found.entry.createdAt > replaced.createdAt
    const isAccepted = accepts(request, found.entry)
    if (state === 'fresh' && isNews && isAccepted) return { ...found, isFresh: true }
    const stale: Outcome = { ...found, isFresh: state === 'fresh' }
    if (!isAccepted) return compute(request, flight, stale, shared?.fingerprint)
    if (replaced === undefined && (state === 'stale' || pauses.has(key))) {
      if (state === 'stale') refresh(request, found.entry)
      return stale
    }
    flight.fallback = stale
    const reason = standing.reason(found.entry)
    return { ...(await compute(request, flight, stale, shared?.fingerprint)), reason }
  }

  async function lookUp({ key, rules, batch }: Request, onDropped: Dropped): Promise<Found | undefined> {
    if (!tiers.isShared) return undefined
    return batch === undefined ? (await tiers.fetch([key], rules, onDropped)).get(key) : batch.find()
  }

  /** Computes, alone among all processes where that can be had; falls back to `old` if computing fails. */
  async function compute(
    request: Request,
    flight: Flight<Outcome>,
    old: Outcome | undefined,
    known: Uint8Array | undefined,
  ): Promise<Outcome> {
    const { key } = request
    const isAlone =
      fleet === undefined ||
      request.fresh ||
      request.batch !== undefined ||
      follower.position < 0 ||
      passes.has(key)
    try {
      if (isAlone) return await run(request, flight, old, undefined)
      return await fleet.take<Outcome>({
        key,
        asOf: follower.position,
        notBefore: table.latest(key, [...flight.tags]),
        known,
        signal: flight.signal,
        compute: (lease) => run(request, flight, old, lease),
        async adopt(bytes) {
          const found = await tiers.adopt(bytes, key, request.rules)
          return found !== undefined && standing.of(found.entry) === 'fresh' && accepts(request, found.entry)
            ? { ...found, isFresh: true }
            : undefined
        },
      })
    } catch (failure) {
      return recover(request, old, failure)
    }
  }

  /** An old value that may be served on error, or the function's own error. */
  function recover(request: Request, old: Outcome | undefined, failure: unknown): Outcome {
    const error = failure instanceof ComputeFailure ? failure.error : failure
    if (old === undefined || standing.of(old.entry) === 'dead' || !accepts(request, old.entry)) throw error
    pauses.set(request.key, request.rules.retryAfter)
    return old
  }

  async function run(
    request: Request,
    flight: Flight<Outcome>,
    old: Outcome | undefined,
    lease: Lease | undefined,
  ): Promise<Outcome> {
    const stamp = follower.stamp(request.rules.sourceLag)
    try {
      const product = await produce(production, request, stamp, flight, old?.entry)
      pauses.delete(request.key)
      note(request, flight, 'value')
      const entry = store(request, product, stamp, lease)
      return { entry, tier: 'computed', isFresh: true }
    } catch (failure) {
      note(request, flight, 'error')
      if (failure instanceof ComputeFailure && failure.product !== undefined && old === undefined) {
        store(request, failure.product, stamp, lease)
      }
      throw failure
    }
  }

  function note(request: Request, flight: Flight<Outcome>, outcome: ComputeOutcome): void {
    counters.computes[outcome] += 1
    if (!emitter.listens('compute')) return
    const duration = clock.monotonic() - flight.stamp.startedAt.monotonic
    emitter.emit('compute', { key: request.key, duration, outcome, background: flight.isBackground })
  }

  /** Computes behind everybody's back, unless that is already under way or the source just failed. */
  function refresh(request: Request, replaced: HeldEntry): void {
    const running = flights.get(request.key)
    if (pauses.has(request.key) || running?.isBackground) return
    counters.refreshes += 1
    production.dependencies.untracked(() => {
      const flight = launch({ ...request, signal: undefined }, replaced)
      flight.result.catch(() => pauses.set(request.key, request.rules.retryAfter))
    })
  }

  return {
    flights,

    /** Refreshes an entry that is past its `refreshAt`, if its lot falls so. */
    refreshIfDue(request: Request, entry: HeldEntry): void {
      if (isDueEarly(entry, request.rules, follower.now(), clock)) refresh(request, entry)
    },

    refresh,

    /** Whether the source of the key failed a moment ago. */
    isPaused: (key: string) => pauses.has(key),

    /** Joins the flight under way, or starts one. Never returns what an invalidation overtook before this call. */
    async load(request: Request): Promise<Outcome> {
      for (;;) {
        const arrived = { ...follower.stamp(0), isCurrent: follower.isCurrent() }
        const running = request.fresh ? undefined : flights.get(request.key)
        if (running === undefined || !mayJoin(running)) {
          return wait(launch(request, undefined), request)
        }
        counters.joins += 1
        request.batch?.decided()
        const outcome = await wait(running, request)
        if (emitter.listens('join')) {
          const duration = clock.monotonic() - arrived.startedAt.monotonic
          emitter.emit('join', { key: request.key, duration })
        }
        const isWanted = outcome.tier === 'computed' || accepts(request, outcome.entry)
        if (isWanted && !isOvertaken(outcome, running, arrived)) return outcome
      }
    },
  }
}

export type Loader = ReturnType<typeof createLoader>

type ComputeOutcome = CacheEvents['compute']['outcome']

function outcomeOf(flight: Flight<Outcome>): ComputeOutcome {
  return isTimeout(flight.signal.reason) ? 'timeout' : 'aborted'
}

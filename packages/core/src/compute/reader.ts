import type { Clock } from '../contracts/clock'
import type { MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/local-entry'
import { momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import { parseToken } from '../invalidation/token'
import type { ReadOptions } from '../options'
import type { Found } from '../storage/shared-tier-client'
import type { Validity } from '../storage/validity'
import type { Tiers } from '../storage/tiers'
import { type Counters, hitsOf } from '../telemetry/counters'
import { type Emitter, isObserved } from '../telemetry/emitter'
import { createBypass } from './bypass'
import {
  type Capture,
  type Dependencies,
  depend,
  dependOnKey,
  dependOnRequest,
  isComputing,
} from './dependencies'
import type { Loader } from './loader'
import type { ComputeDependencies } from './run-computation'
import { acceptsEntry, type LoadResult, type ReadRequest } from './read-request'
import type { Rules } from './rules'
import type { ActiveScopes } from './active-scopes'
import type { Transactions } from './transactions'

/** What reading is made of. */
export interface ReaderOptions {
  readonly name: string
  readonly clock: Clock
  /** In force where nobody says anything else. */
  readonly rules: Rules
  readonly follower: Follower
  readonly validity: Validity
  readonly tiers: Tiers
  readonly loader: Loader
  readonly computeDependencies: ComputeDependencies
  readonly activeScopes: ActiveScopes
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  /** A closed cache serves nothing. */
  isClosed(): boolean
  readonly emitter: Emitter
  readonly counters: Counters
}

/** Every read of the cache: what is served, what it costs, and what is told about it. */
export function createReader(options: ReaderOptions) {
  const { clock, follower, validity, tiers, loader, computeDependencies, emitter, counters } = options
  const { activeScopes, dependencies, transactions, isClosed } = options
  const local = hitsOf(counters, tiers.localName)
  const { current } = follower.table
  const bypass = createBypass(computeDependencies, follower)
  const hits = emitter.topicOf('hit')

  /**
   * Does what the caller demands beyond the usual bound. False: it cannot be had, so only the source will do. At once where
   * nothing has to be asked.
   */
  function prove(demands: ReadOptions | undefined): true | Promise<boolean> {
    if (demands?.consistency === 'strong') return follower.catchUp()
    if (demands?.after !== undefined) return follower.reachPosition(parseToken(options.name, demands.after))
    return follower.isCurrent() || follower.ensureCurrent().then(() => true)
  }

  function tellHit(entry: LocalEntry, tier: string): void {
    emitter.emit('hit', { key: entry.key, tier, age: follower.now() - entry.createdAt })
  }

  function hit(entry: LocalEntry, tier: string): void {
    hitsOf(counters, tier).count += 1
    if (isObserved(hits)) tellHit(entry, tier)
  }

  function stale(entry: LocalEntry, tier: string): void {
    counters.stale += 1
    if (!emitter.hasListeners('stale')) return
    const reason = loader.isPaused(entry.key) ? 'error' : 'revalidating'
    emitter.emit('stale', { key: entry.key, tier, age: follower.now() - entry.createdAt, reason })
  }

  function miss(key: string, reason: MissReason): void {
    counters.misses += 1
    if (emitter.hasListeners('miss')) emitter.emit('miss', { key, reason })
  }

  function tell(outcome: LoadResult, reason: MissReason | undefined): void {
    if (outcome.tier === 'computed') miss(outcome.entry.key, reason ?? outcome.reason ?? 'absent')
    else if (outcome.isFresh) hit(outcome.entry, outcome.tier)
    else stale(outcome.entry, outcome.tier)
  }

  /** What is at hand in this process, if it may be served; refreshes it behind the caller's back where that is due. */
  function serve(entry: LocalEntry, request: ReadRequest): LoadResult | undefined {
    if (!acceptsEntry(request, entry)) return undefined
    const state = validity.stateOf(entry)
    if (state !== 'fresh' && state !== 'stale') return undefined
    const isFresh = state === 'fresh'
    if (!isFresh) loader.refresh(request, entry)
    else if (follower.now() >= entry.refreshAt) loader.refreshIfDue(request, entry)
    return { entry, tier: tiers.localName, isFresh }
  }

  /** Why what is at hand will not do. That nothing is may mean that there is something elsewhere. */
  function reasonFor(
    request: ReadRequest,
    isServable: boolean,
    atHand: LocalEntry | undefined,
  ): MissReason | undefined {
    if (!isServable) return 'forced'
    return atHand && (acceptsEntry(request, atHand) ? validity.reasonNotFresh(atHand) : 'forced')
  }

  function read(request: ReadRequest, demands: ReadOptions | undefined): Promise<unknown> {
    const capture = dependencies.current()
    if (capture !== undefined) dependOnRequest(capture, request)
    const isAlone = transactions.isOpen || isComputing(capture, request.key)
    return isAlone ? computeAlone(request, capture) : obtain(request, demands, capture)
  }

  /** For one caller, who may be part of a computation: that depends on what this one reads. */
  async function computeAlone(request: ReadRequest, capture = dependencies.current()): Promise<unknown> {
    const entry = await bypass(request)
    if (capture !== undefined) depend(capture, entry, true, entry.startedAt)
    return entry.value
  }

  async function obtain(
    request: ReadRequest,
    demands: ReadOptions | undefined,
    capture: Capture | undefined,
  ): Promise<unknown> {
    const proven = prove(demands)
    const isServable = (proven === true || (await proven)) && !request.fresh
    const atHand = isServable ? tiers.peek(request.key) : undefined
    const served = atHand && serve(atHand, request)
    const reason = served === undefined ? reasonFor(request, isServable, atHand) : undefined
    const outcome =
      served ?? (await loader.load(isServable || request.fresh ? request : { ...request, fresh: true }))
    tell(outcome, reason)
    if (capture !== undefined)
      depend(capture, outcome.entry, outcome.isFresh, validity.provenAt(outcome.entry))
    return hand(outcome.entry)
  }

  /** Fresh entries of these keys, wherever they are. */
  async function find(
    keys: readonly string[],
    demands: ReadOptions | undefined,
  ): Promise<Map<string, Found>> {
    const capture = dependencies.current()
    const found = new Map<string, Found>()
    // Finding nothing is a dependency too.
    if (capture !== undefined) for (const key of keys) dependOnKey(capture, key)
    if (transactions.isOpen || isClosed() || !(await prove(demands))) return found
    const now = momentOf(clock)
    for (const key of keys) {
      const entry = tiers.peek(key)
      if (entry !== undefined && validity.stateOf(entry, now) === 'fresh')
        found.set(key, { entry, tier: tiers.localName })
    }
    const elsewhere = keys.filter((key) => !found.has(key))
    if (elsewhere.length > 0 && tiers.isShared) {
      const answers = await tiers.fetch(elsewhere, options.rules)
      const then = momentOf(clock)
      for (const [key, answer] of answers)
        if (validity.stateOf(answer.entry, then) === 'fresh') found.set(key, answer)
    }
    for (const key of keys) settle(key, found, capture)
    return found
  }

  /** Counts what was found, and forgets what is an error. */
  function settle(key: string, found: Map<string, Found>, capture: Capture | undefined): void {
    const answer = found.get(key)
    if (answer === undefined || answer.entry.kind === 'error') {
      found.delete(key)
      miss(key, 'absent')
      return
    }
    hit(answer.entry, answer.tier)
    if (capture !== undefined) depend(capture, answer.entry, true, validity.provenAt(answer.entry))
  }

  /** Whether a fresh entry may be served where its reader is; a computation that reads it depends on it. */
  function isUsableHere(entry: LocalEntry): boolean {
    const capture = dependencies.current()
    if (transactions.isOpen || isClosed() || isComputing(capture, entry.key)) return false
    if (capture !== undefined) depend(capture, entry, true, validity.provenAt(entry))
    return true
  }

  return {
    read,
    computeAlone,
    find,

    /**
     * The value of an entry that needs no further thought: valid, fresh, and not to be refreshed yet. Undefined where it
     * does. No promise is awaited on this path.
     */
    quick(key: string, serveIf: ReadRequest['serveIf']): Promise<unknown> | undefined {
      const entry = tiers.peek(key)
      if (entry === undefined || entry.kind === 'error') return undefined
      if (entry.checkedAt !== current.version && !validity.isValid(entry)) return undefined
      if (follower.now() >= entry.refreshAt || !follower.isCurrent()) return undefined
      if (serveIf !== undefined && !suits(entry, serveIf)) return undefined
      if (activeScopes.count > 0 && !isUsableHere(entry)) return undefined
      local.count += 1
      if (isObserved(hits)) tellHit(entry, tiers.localName)
      return Promise.resolve(entry.copy(entry.value))
    },
  }
}

export type Reader = ReturnType<typeof createReader>

/** A check that throws does so again where that is a rejection. */
function suits(entry: LocalEntry, serveIf: NonNullable<ReadRequest['serveIf']>): boolean {
  try {
    return serveIf(entry.value as never)
  } catch {
    return false
  }
}

/** A caller's own copy of the value. @throws the remembered error. */
export function hand(entry: LocalEntry): unknown {
  if (entry.kind === 'error') throw entry.copy(entry.value)
  return entry.copy(entry.value)
}

import type { Clock } from '../contracts/clock'
import type { HeldEntry } from '../entry/held'
import type { Follower } from '../invalidation/follower'
import { parseToken } from '../invalidation/token'
import type { ReadOptions } from '../options'
import type { Found } from '../storage/shared-access'
import type { Standing } from '../storage/standing'
import type { Tiers } from '../storage/tiers'
import type { Emitter } from '../telemetry/emitter'
import type { MissReason } from '../telemetry/events'
import type { Counters } from '../telemetry/stats'
import { bypass } from './bypass'
import { type Dependencies, depend, dependOnKey, isComputing } from './dependencies'
import type { Loader } from './loader'
import type { Production } from './produce'
import { accepts, type Outcome, type Request } from './request'
import type { Rules } from './rules'
import type { Transactions } from './transaction'

/** What reading is made of. */
export interface ReaderOptions {
  readonly name: string
  readonly clock: Clock
  /** In force where nobody says anything else. */
  readonly rules: Rules
  readonly follower: Follower
  readonly standing: Standing
  readonly tiers: Tiers
  readonly loader: Loader
  readonly production: Production
  readonly dependencies: Dependencies
  readonly transactions: Transactions
  readonly emitter: Emitter
  readonly counters: Counters
}

/** Every read of the cache: what is served, what it costs, and what is told about it. */
export function createReader(options: ReaderOptions) {
  const { follower, standing, tiers, loader, production, dependencies, transactions, emitter, counters } =
    options
  const { table } = follower

  /** Does what the caller demands beyond the usual bound. False: it cannot be had, so only the source will do. */
  async function prove(demands: ReadOptions | undefined): Promise<boolean> {
    if (demands?.consistency === 'strong') return follower.catchUp()
    if (demands?.after !== undefined) return follower.reach(parseToken(options.name, demands.after))
    await follower.ensureCurrent()
    return true
  }

  function hit(entry: HeldEntry, tier: string): void {
    counters.hits[tier] = (counters.hits[tier] ?? 0) + 1
    if (emitter.listens('hit'))
      emitter.emit('hit', { key: entry.key, tier, age: follower.now() - entry.createdAt })
  }

  function stale(entry: HeldEntry, tier: string): void {
    counters.stale += 1
    if (!emitter.listens('stale')) return
    const because = loader.isPaused(entry.key) ? 'error' : 'revalidating'
    emitter.emit('stale', { key: entry.key, tier, age: follower.now() - entry.createdAt, because })
  }

  function miss(key: string, reason: MissReason): void {
    counters.misses += 1
    if (emitter.listens('miss')) emitter.emit('miss', { key, reason })
  }

  function tell(outcome: Outcome, reason: MissReason): void {
    if (outcome.tier === 'computed') miss(outcome.entry.key, missedBecause(outcome, reason))
    else if (outcome.isFresh) hit(outcome.entry, outcome.tier)
    else stale(outcome.entry, outcome.tier)
  }

  /** What is at hand in this process, if it may be served; refreshes it behind the caller's back where that is due. */
  function atHand(request: Request): Outcome | undefined {
    const entry = tiers.peek(request.key)
    if (entry === undefined || !accepts(request, entry)) return undefined
    const state = standing.of(entry)
    if (state === 'fresh') {
      if (follower.now() >= entry.refreshAt) loader.refreshIfDue(request, entry)
      return { entry, tier: tiers.localName, isFresh: true }
    }
    if (state !== 'stale') return undefined
    loader.refresh(request, entry)
    return { entry, tier: tiers.localName, isFresh: false }
  }

  function reasonFor(request: Request, isServable: boolean, local: HeldEntry | undefined): MissReason {
    if (!isServable) return 'forced'
    if (local === undefined) return 'absent'
    return accepts(request, local) ? standing.reason(local) : 'forced'
  }

  async function read(request: Request, demands: ReadOptions | undefined): Promise<unknown> {
    const capture = dependencies.current()
    if (transactions.isOpen || isComputing(capture, request.key))
      return hand((await bypass(production, follower, request)).entry)
    const isServable = (await prove(demands)) && !request.fresh
    const local = isServable ? tiers.peek(request.key) : undefined
    const reason = reasonFor(request, isServable, local)
    const outcome =
      (isServable ? atHand(request) : undefined) ?? (await loader.load({ ...request, fresh: !isServable }))
    tell(outcome, reason)
    if (capture !== undefined)
      depend(capture, outcome.entry, outcome.isFresh, standing.provenAt(outcome.entry))
    return hand(outcome.entry)
  }

  /** Fresh entries of these keys, wherever they are. */
  async function find(
    keys: readonly string[],
    demands: ReadOptions | undefined,
  ): Promise<Map<string, Found>> {
    const capture = dependencies.current()
    const found = new Map<string, Found>()
    if (transactions.isOpen || !(await prove(demands))) return found
    for (const key of keys) {
      const entry = tiers.peek(key)
      if (entry !== undefined && standing.of(entry) === 'fresh')
        found.set(key, { entry, tier: tiers.localName })
    }
    const elsewhere = keys.filter((key) => !found.has(key))
    if (elsewhere.length > 0 && tiers.isShared) {
      for (const [key, answer] of await tiers.fetch(elsewhere, options.rules)) {
        if (standing.of(answer.entry) === 'fresh') found.set(key, answer)
      }
    }
    for (const key of keys) settle(key, found, capture)
    return found
  }

  /** Counts what was found, forgets what is an error, and notes the dependency either way. */
  function settle(
    key: string,
    found: Map<string, Found>,
    capture: ReturnType<Dependencies['current']>,
  ): void {
    const answer = found.get(key)
    if (answer === undefined || answer.entry.kind === 'error') {
      found.delete(key)
      miss(key, 'absent')
      if (capture !== undefined) dependOnKey(capture, key)
      return
    }
    hit(answer.entry, answer.tier)
    if (capture !== undefined) depend(capture, answer.entry, true, standing.provenAt(answer.entry))
  }

  return {
    read,
    find,
    tell,

    /**
     * The value of an entry that needs no further thought: found valid since the last change of the table, fresh,
     * not to be refreshed yet. Undefined where it does. No promise is awaited on this path.
     */
    quick(key: string, serveIf: Request['serveIf']): Promise<unknown> | undefined {
      const entry = tiers.peek(key)
      if (entry === undefined || entry.checkedAt !== table.version || entry.kind === 'error') return undefined
      if (follower.now() >= entry.refreshAt || !follower.isCurrent()) return undefined
      if (transactions.isOpen) return undefined
      if (serveIf !== undefined && !serveIf(entry.value as never)) return undefined
      const capture = dependencies.current()
      if (capture !== undefined) {
        if (isComputing(capture, key)) return undefined
        depend(capture, entry, true, standing.provenAt(entry))
      }
      hit(entry, tiers.localName)
      return Promise.resolve(entry.copy(entry.value))
    },
  }
}

export type Reader = ReturnType<typeof createReader>

/** Nothing in this process may mean that there was something elsewhere. */
function missedBecause(outcome: Outcome, reason: MissReason): MissReason {
  return reason === 'absent' ? (outcome.reason ?? reason) : reason
}

/** A caller's own copy of the value. @throws the remembered error. */
export function hand(entry: HeldEntry): unknown {
  if (entry.kind === 'error') throw entry.copy(entry.value)
  return entry.copy(entry.value)
}

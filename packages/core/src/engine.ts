import type { CacheOptions, Settings } from './cache-options'
import { createCodecs } from './codecs'
import { createDependencies } from './compute/dependencies'
import { createLeaseCoordinator } from './compute/lease-coordinator'
import { createLoader } from './compute/loader'
import type { ComputeDependencies } from './compute/run-computation'
import { createReader } from './compute/reader'
import type { ReadRequest } from './compute/read-request'
import { defaultRules, resolveRules } from './compute/rules'
import { createTransactions } from './compute/transactions'
import { createWriter } from './compute/writer'
import type { OpenStore } from './contracts/store'
import { checkTag } from './entry/key'
import { LarderError } from './errors'
import { createFollower } from './invalidation/follower'
import { createInvalidator } from './invalidation/invalidator'
import { createLocalLog } from './invalidation/local-log'
import { createTagGraph } from './invalidation/tag-graph'
import { createTagTable } from './invalidation/tag-table'
import type { ReadOptions } from './options'
import { createStorePolicies, guardLog } from './resilience/store-policies'
import { createValidity } from './storage/validity'
import { createTiers } from './storage/tiers'
import { createCounters, snapshotStats } from './telemetry/counters'
import { createEmitter } from './telemetry/emitter'
import { observeMetrics } from './telemetry/metrics'
import { createTracing } from './telemetry/tracing'

/** How long a sweep rests after each page, in ms. */
const sweepPause = 5

/** Keeps nothing; what it invalidates goes on the log all the same, because others may have cached it. */
const logOf = ({ log, close }: OpenStore): OpenStore => ({ shared: [], log, close })

/** Puts the parts of a cache together and starts them. */
export function startEngine(options: CacheOptions, settings: Settings) {
  const { name, clock } = settings
  const rules = resolveRules(options, defaultRules)
  if (Array.isArray(options.tags)) for (const tag of options.tags) checkTag(tag)
  const emitter = createEmitter(name)
  const counters = createCounters()
  const endings = new Set<() => void>()
  let closing: Promise<void> | undefined

  function report(operation: string, error: unknown): void {
    counters.errors += 1
    if (emitter.hasListeners('error')) emitter.emit('error', { operation, error })
  }

  /** An adapter that cannot be reset is told of, and not of the calls that go on meanwhile. */
  function reset(): void {
    try {
      for (const tier of store.shared) tier.reset()
    } catch (error) {
      report('reset', error)
    }
  }

  const opened = options.store.open({
    name,
    clock,
    report: (error) => report('connection', error),
    evicted(key) {
      counters.evictions += 1
      if (emitter.hasListeners('evict')) emitter.emit('evict', { key, tier: store.local?.name ?? '' })
    },
  })
  const store = settings.enabled ? opened : logOf(opened)
  // Before anything else begins: a store that is refused leaves nothing running.
  const codecOf = createCodecs(options, settings)
  const coded = orClose(opened, () => store.shared.map((tier) => ({ tier, codec: codecOf(tier) })))

  const policies = createStorePolicies({
    settings,
    emitter,
    report,
    resetTiers: reset,
  })
  const far = store.shared.at(-1)?.name ?? 'store'
  const table = createTagTable({ maxNames: settings.maxKnownTags })
  const graph = createTagGraph({
    separator: settings.tagSeparator,
    maxClosure: settings.maxTagsPerEntry,
    maxLinks: settings.maxTagLinks,
  })
  const follower = createFollower({
    log: store.log === undefined ? createLocalLog(clock) : guardLog(store.log, policies.policyFor(far, 'log')),
    clock,
    table,
    graph,
    maxStaleness: settings.maxStaleness,
    syncInterval: settings.syncInterval,
    // A process that could not reach the log asks again after the pause, or with its next regular sync.
    settling: settings.syncInterval + settings.circuitPause + settings.storeTimeout,
    outboxCapacity: settings.maxOutbox,
    onKey: (key, position) => tiers.forget(key, position),
    onGap: () => tiers.forgetAll(),
    remove: async ({ scope, name, position }) =>
      scope !== 'key' || (settings.enabled && (await tiers.remove([name], position, 0))),
    onSync(event) {
      counters.syncs[event.ok ? 'ok' : 'failed'] += 1
      if (emitter.hasListeners('sync')) emitter.emit('sync', event)
    },
    onFollow(event) {
      counters.follows += 1
      if (emitter.hasListeners('apply')) emitter.emit('apply', event)
    },
    onDiverged(event) {
      counters.diverged += 1
      if (emitter.hasListeners('diverged')) emitter.emit('diverged', event)
    },
  })
  const validity = createValidity(follower, clock, settings.maxStaleness)

  const tiers = createTiers({
    local: store.local,
    shared: coded.map(({ tier, codec }) => ({ tier, codec, policy: policies.policyFor(tier.name, 'entries') })),
    validity,
    now: follower.now,
    onUnreadable(key, tier, reason) {
      counters.unreadable += 1
      if (emitter.hasListeners('unreadable')) emitter.emit('unreadable', { key, tier, reason })
    },
    onWrite(key, tier, bytes) {
      if (emitter.hasListeners('write')) emitter.emit('write', { key, tier, bytes })
    },
    onError: report,
  })
  const activeScopes = { count: 0 }
  const dependencies = createDependencies(activeScopes)
  const transactions = createTransactions(activeScopes)
  const tracing = createTracing(name, options.telemetry)
  const computeDependencies: ComputeDependencies = {
    clock,
    dependencies,
    logTime: follower.logTime,
    closure: graph.closureOf,
    trace: tracing.traceComputation,
  }
  const loader = createLoader({
    clock,
    follower,
    validity,
    tiers,
    fleet:
      store.leases &&
      createLeaseCoordinator({
        leases: store.leases,
        policy: policies.policyFor(far, 'leases'),
        clock,
        leaseTtl: settings.leaseTtl,
      }),
    computeDependencies,
    emitter,
    counters,
  })
  const reader = createReader({
    name,
    clock,
    rules,
    follower,
    validity,
    tiers,
    loader,
    computeDependencies,
    activeScopes,
    dependencies,
    transactions,
    isClosed: () => closing !== undefined,
    emitter,
    counters,
  })
  const invalidator = createInvalidator({ name, follower, emitter, counters, remove: tiers.remove })
  const writer = createWriter({ clock, follower, invalidator, tiers })
  const gauges = () => ({
    usage: tiers.usage(),
    position: follower.position,
    lag: follower.lag,
    maxStaleness: settings.maxStaleness,
    outbox: follower.outboxSize,
    flights: loader.flights.size,
    circuits: policies.listStates(),
  })
  const stats = () => snapshotStats(counters, gauges())
  const stopMetrics = observeMetrics({ name, stats, emitter }, options.telemetry)

  async function shutDown(): Promise<void> {
    activeScopes.count += 1
    for (const end of endings) end()
    stopMetrics()
    await follower.close()
    await tiers.settle()
    await store.close()
    dependencies.close()
    transactions.close()
  }

  function checkOpen(): void {
    if (closing !== undefined) throw new LarderError('CACHE_CLOSED', `The cache "${name}" is closed.`)
  }

  return {
    settings,
    rules,
    follower,
    validity,
    tiers,
    dependencies,
    transactions,
    reader,
    invalidator,
    writer,
    emitter,
    report,
    checkOpen,
    stats,
    onClose: (end: () => void) => void endings.add(end),
    sweep: () => tiers.sweep(() => new Promise((resolve) => void clock.timeout(sweepPause, resolve))),

    /** A request that cannot be meant is a rejection, like every other failure of a read. */
    read(requestOf: () => ReadRequest, demands: ReadOptions | undefined): Promise<unknown> {
      try {
        const request = requestOf()
        const isServing = closing === undefined && settings.enabled
        return isServing ? reader.read(request, demands) : reader.computeAlone(request)
      } catch (error) {
        return Promise.reject(error)
      }
    },

    close: () => (closing ??= shutDown()),
  }
}

export type Engine = ReturnType<typeof startEngine>

/** Closes the store if `make` fails. That closing it fails too would hide what went wrong. */
function orClose<T>(store: OpenStore, make: () => T): T {
  try {
    return make()
  } catch (error) {
    new Promise((resolve) => resolve(store.close())).catch(() => undefined)
    throw error
  }
}

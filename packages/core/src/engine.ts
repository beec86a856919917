import type { ActiveScopes } from './async-scope'
import { type CacheOptions, cacheOptionTable, type Settings } from './cache-options'
import { createBeginFill } from './compute/begin-fill'
import { createBypass } from './compute/bypass'
import { createDependencies } from './compute/dependencies'
import { createFindFresh } from './compute/find-fresh'
import { createLoader, type Loader } from './compute/loader'
import { createFastPath, createReader } from './compute/reader'
import { defaultRules, type Rules, resolveRules } from './compute/rules'
import type { ComputeDependencies } from './compute/run-computation'
import { createSharedSingleFlight, type SharedSingleFlight } from './compute/shared-single-flight'
import { createLimitTime, sourceLimitOf } from './compute/source-limit'
import { createTransactions } from './compute/transactions'
import { createWrappedNames } from './compute/wrapped-names'
import { createWriter } from './compute/writer'
import type { Gauges } from './contracts/stats'
import { createFollower } from './invalidation/follower'
import { createInvalidator } from './invalidation/invalidator'
import { createLocalLog } from './invalidation/local-log'
import { findLocalLogState } from './invalidation/local-log-state'
import { createTagGraph } from './invalidation/tag-graph'
import { createTagTable } from './invalidation/tag-table'
import { createLifecycle, type Lifecycle } from './lifecycle'
import { openStore } from './open-store'
import { createStorePolicies, guardLog } from './resilience/store-policies'
import { createClassCheck } from './storage/class-check'
import { deleteRecorded } from './storage/delete-recorded'
import { createTiers } from './storage/tiers'
import { createValidity } from './storage/validity'
import { createEmitter } from './telemetry/emitter'
import { exportMetrics } from './telemetry/export-metrics'
import { logEvents } from './telemetry/log-events'
import { createRecorder, type Recorder } from './telemetry/recorder'
import { createTracing, type Tracing } from './telemetry/tracing'
import { printWarning } from './telemetry/warnings'
import { warnOfOtherSeparator } from './warn-of-separator'

/** How long a sweep rests after each page, in ms. */
const sweepPause = 5

/** Builds the parts of a cache. Opening the store is the only side effect; `start` begins to follow the log. */
export function assembleEngine(options: CacheOptions, settings: Settings) {
  const { name, clock } = settings
  const rules = resolveRules('createCache', options, defaultRules, cacheOptionTable)
  const print = printerOf(options)
  const emitter = createEmitter(name, print)
  const recorder = createRecorder(name, emitter, clock, print)
  const lifecycle = createLifecycle(name)
  lifecycle.onClose(logEvents(emitter, name, clock, options.logger))
  const tracing = createTracing(name, options.telemetry)
  const storage = assembleStorage(options, settings, recorder, tracing)
  const { store, follower, validity, tiers } = storage
  const reads = assembleReads({ ...storage, settings, rules, recorder, tracing, lifecycle })
  const { activeScopes, dependencies, transactions, loader } = reads
  const invalidator = createInvalidator({ name, follower, deleteEntries: tiers.deleteShared })
  const warnUnstorable = recorder.unstorable
  const { checkOpen } = lifecycle
  const writer = createWriter({ clock, follower, invalidator, tiers, checkOpen, warnUnstorable })

  const stats = (path: string) =>
    recorder.snapshot({ path, localName: tiers.localName, gauges: readGauges(storage, loader, settings) })

  function start(): void {
    follower.start({
      onKey: tiers.forgetLocal,
      onGap: tiers.clearLocal,
      deleteEntries: (record) => deleteRecorded(record, { ...storage, ...settings }),
      onInvalidate: recorder.invalidate,
      onSync: recorder.sync,
      onApply: recorder.apply,
      onDiverged: recorder.diverged,
      onTagSeparator: (recorded) => warnOfOtherSeparator(recorded, settings, recorder),
    })
    const metrics = options.telemetry?.metrics
    if (metrics !== undefined)
      lifecycle.onClose(exportMetrics({ name, stats: () => stats(''), on: emitter.on }, metrics))
  }

  async function shutDown(): Promise<void> {
    activeScopes.count += 1
    await follower.close()
    await tiers.waitUntilIdle()
    await store.close()
    dependencies.close()
    transactions.close()
  }

  return {
    settings,
    rules,
    follower,
    validity,
    tiers,
    invalidator,
    writer,
    dependencies,
    transactions,
    recorder,
    sourceLimit: reads.sourceLimit,
    limitTime: reads.limitTime,
    claimName: createWrappedNames(),
    serveLocal: reads.serveLocal,
    findFresh: reads.findFresh,
    begin: reads.begin,
    readValue: reads.readValue,
    checkOpen,
    onClose: lifecycle.onClose,
    on: emitter.on,
    stats,
    start,
    sweep: () => tiers.sweepAll(() => new Promise((resolve) => void clock.timeout(sweepPause, resolve))),
    close: () => lifecycle.close(shutDown),
  }
}

export type Engine = ReturnType<typeof assembleEngine>

/** A logger has the warnings already, and the failures of the store. */
function printerOf({ logger }: CacheOptions): typeof printWarning {
  return logger === undefined ? printWarning : () => undefined
}

/** The store, the log that is followed, and everything that decides whether an entry may be served. */
function assembleStorage(options: CacheOptions, settings: Settings, recorder: Recorder, tracing: Tracing) {
  const { clock, maxStaleness } = settings
  // Opened first: if it is refused, no other part has been started.
  const store = openStore(options, settings, recorder)
  const policies = createStorePolicies({ settings, recorder, tracing, resetTiers: store.resetTiers })
  const { log, farthestTier } = store
  const follower = createFollower({
    log:
      log === undefined
        ? createLocalLog(clock, findLocalLogState(options.name, options.clock))
        : guardLog(log, policies.policyFor(farthestTier, 'log')),
    clock,
    table: createTagTable({ maxNames: settings.maxKnownTags, separator: settings.tagSeparator }),
    graph: createTagGraph({
      separator: settings.tagSeparator,
      maxClosure: settings.maxTagsPerEntry,
      maxLinks: settings.maxTagLinks,
    }),
    maxStaleness,
    syncInterval: settings.syncInterval,
    // A process that could not reach the log tries again after the pause, or with its next regular sync.
    settleTime: settings.syncInterval + settings.circuitPause + settings.storeTimeout,
    outboxCapacity: settings.maxOutbox,
  })
  const validity = createValidity(follower, clock, maxStaleness)
  const shared = store.codedTiers.map(({ tier, codec }) => ({
    tier,
    codec,
    policy: policies.policyFor(tier.name, 'entries'),
  }))
  const tiers = createTiers({
    local: store.local,
    shared,
    validity,
    now: follower.now,
    clockOffset: follower.clockOffset,
    recorder,
    examineEntry: createClassCheck(options.serializer, settings.classes, recorder.lostClass),
  })
  return { store, policies, follower, validity, tiers }
}

function readGauges(
  { store, tiers, follower, policies }: ReturnType<typeof assembleStorage>,
  { flightCount }: Loader,
  { maxStaleness }: Settings,
): Gauges {
  return {
    usage: tiers.localUsage(),
    position: follower.position,
    lag: follower.lag,
    maxStaleness,
    outbox: follower.outboxSize,
    flights: flightCount,
    circuits: policies.listStates(),
    servers: store.servers(),
  }
}

/** Dependencies of {@link assembleReads}: the storage, and the parts of the cache around it. */
interface ReadParts extends ReturnType<typeof assembleStorage> {
  readonly settings: Settings
  readonly rules: Rules
  readonly recorder: Recorder
  readonly tracing: Tracing
  readonly lifecycle: Lifecycle
}

/** Everything that reads entries, or computes them. */
function assembleReads(parts: ReadParts) {
  const { settings, follower } = parts
  const { isClosed } = parts.lifecycle
  const { name: cacheName, clock } = settings
  const activeScopes: ActiveScopes = { count: 0 }
  const dependencies = createDependencies(activeScopes)
  const transactions = createTransactions(activeScopes)
  const computeDependencies: ComputeDependencies = {
    clock,
    dependencies,
    creationTime: follower.creationTime,
    closureOf: follower.graph.closureOf,
    warnUnstorable: parts.recorder.unstorable,
    traceComputation: parts.tracing.traceComputation,
  }
  const sourceLimit = sourceLimitOf(settings.maxConcurrentComputes)
  const limitTime = createLimitTime(clock, parts.recorder.overdue)
  const leases = assembleLeases(parts)
  const bypass = createBypass(computeDependencies, follower)
  const shared = { ...parts, cacheName, clock, dependencies, transactions, isClosed }
  const loader = createLoader({ ...shared, leases, computeDependencies, sourceLimit, limitTime, bypass })
  const findFresh = createFindFresh(shared)
  const isServing = () => settings.enabled && !isClosed()

  return {
    activeScopes,
    dependencies,
    transactions,
    sourceLimit,
    limitTime,
    loader,
    serveLocal: createFastPath({ ...shared, activeScopes }),
    readValue: createReader({ ...shared, loader, bypass, isServing }),
    findFresh,
    begin: createBeginFill({ ...shared, computeDependencies, findFresh, fill: loader.fill, isServing }),
  }
}

/** Undefined for a store without leases: then every process computes for itself. */
function assembleLeases({ store, policies, settings, tracing }: ReadParts): SharedSingleFlight | undefined {
  const { leases, farthestTier } = store
  if (leases === undefined) return undefined
  const policy = policies.policyFor(farthestTier, 'leases')
  return createSharedSingleFlight({
    leases,
    policy,
    tracing,
    clock: settings.clock,
    leaseTtl: settings.leaseTtl,
  })
}

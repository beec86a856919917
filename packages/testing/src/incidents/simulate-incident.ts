import { type CacheOptions, createCache } from '@larder/core'
import { flushEventLoop, flushPromises } from '../clock/flush'
import { pickRandom, seededRandom } from '../clock/seeded-random'
import { checkHistory } from '../simulation/check-history'
import { emptyHistory, type History } from '../simulation/history'
import { items, laggingItem } from '../simulation/items'
import { readLast } from '../simulation/reads'
import { closeWorld } from '../simulation/simulate'
import { createSource } from '../simulation/source'
import { startWorkload } from '../simulation/start-workload'
import type { Workload } from '../simulation/workload'
import { createWorld, type MakeCache, type World } from '../simulation/world'
import { type Incident, type IncidentName, incidentOf } from './incidents'
import { createStage } from './stage'

/** Options of {@link simulateIncident}. */
export interface IncidentOptions {
  readonly incident: IncidentName
  /** Seed of all random numbers: the same seed gives the same history. @defaultValue `1` */
  readonly seed?: number | undefined
  /** Creates the cache under test. @defaultValue `createCache` */
  readonly makeCache?: MakeCache | undefined
}

/** The result of one run. */
export interface IncidentRun {
  readonly incident: IncidentName
  readonly seed: number
  readonly history: History
  /** Reads that broke the guarantee, processes that are not current at the end, and losses believed where there was none. */
  readonly violations: readonly string[]
  /** The longest time, in ms, between the acknowledgement of an invalidation and a read that did not see it yet. */
  readonly maxStalenessSeen: number
  /** Duration of the longest read, in ms. */
  readonly longestRead: number
}

const maxStaleness = 2_000

/**
 * Runs three processes through one incident that takes minutes of virtual time, such as a failover to a replica that lagged
 * for long, and checks every read. Also checks that all processes are current at the end, and that none believed in a loss
 * of records that did not happen.
 *
 * @example
 * ```ts
 * const { violations } = await simulateIncident({ incident: 'split', seed: 42 })
 * ```
 */
export async function simulateIncident({
  incident: name,
  seed = 1,
  makeCache = createCache,
}: IncidentOptions): Promise<IncidentRun> {
  const random = seededRandom(seed)
  const incident = incidentOf(name)
  const allowsStale = incident.mayServeStale === true && random() < 0.5
  const settings = drawSettings(random, incident)
  const cache = { ...settings.cache, staleWhileRevalidate: allowsStale ? 60_000 : 0 }
  const flush = incident.hasLongCalls ? flushEventLoop : flushPromises
  const world = createWorld({ size: 3, random, makeCache, ...settings, cache, flush })
  const history = emptyHistory()
  const stage = createStage(world, history, random() < 0.4)
  const clears = random() < 0.3
  const until = incident.inject(stage) + 4_000
  const { quietPeriods } = stage
  const source = createSource(items, random, () => world.timers.time, incident.slowestSource)
  const workload: Workload = {
    world,
    source,
    history,
    until,
    pace: incident.pace,
    quietPeriods,
    clears,
    focus: incident.focus,
  }
  let losses = 0
  let failedCalls = 0
  world.onStart = (node) => {
    node.cache.on('diverged', () => {
      losses += 1
    })
    node.cache.on('store', ({ ok }) => {
      if (!ok) failedCalls += 1
    })
    startWorkload(workload, node)
  }
  for (const index of world.links.keys()) world.startNode(index)
  await runToEnd(workload, incident)
  // `sourceLag` counts on the server's clock: where another server takes over it promises nothing.
  const lags = new Map([[laggingItem, Number.POSITIVE_INFINITY]])
  const check = checkHistory(history, { maxStaleness, allowsStale, lags })
  const violations = [...check.violations.map(({ message }) => message), ...findLaggards(world)]
  if (losses > 0 && !incident.losesRecords)
    violations.push(`${losses} times a loss of records was believed, and there was none`)
  if (failedCalls > 0 && incident.isStoreHealthy)
    violations.push(`${failedCalls} calls of a server failed that answered all of them in time`)
  await closeWorld(world)
  return { ...check, incident: name, seed, history, violations }
}

/** Draws the settings of the caches and of the log. */
function drawSettings(random: () => number, { keyRetention }: Incident) {
  const cache: Partial<CacheOptions> = {
    ttl: '1h',
    hardTimeout: '10m',
    storeTimeout: pickRandom(random, [100, 500]),
    circuitPause: pickRandom(random, [200, 1_000]),
    isolate: false,
  }
  const log = {
    maxRecords: pickRandom(random, [60, 2_000]),
    keyRetention: keyRetention ?? pickRandom(random, [90_000, 3_600_000]),
    pageSize: pickRandom(random, [3, 100]),
  }
  return { cache, log }
}

/**
 * Runs the workload, waits until all queues have had time to drain, and reads every item once more: a read may wait for a
 * computation that is overtaken, and compute twice.
 */
async function runToEnd(workload: Workload, { slowestSource = 0 }: Incident): Promise<void> {
  const { world, history, until } = workload
  await world.timers.runTo(until + 3_000)
  for (const node of world.nodes)
    for (let item = 0; item < items; item += 1) void readLast(workload, node, item)
  await world.timers.runTo(until + 4_500 + 3 * slowestSource)
  history.survivors = world.nodes.map(({ incarnation }) => incarnation)
}

function findLaggards({ nodes }: World): string[] {
  return nodes.flatMap(({ index, cache }) => {
    const { lag } = cache.stats()
    return lag < maxStaleness ? [] : [`node ${index} is not current at the end: ${lag} ms`]
  })
}

import {
  type CacheOptions,
  checkOptions,
  countKind,
  createCache,
  type Duration,
  functionKind,
  kindOf,
  type OptionTable,
} from '@larder/core'
import { pickRandom, seededRandom } from '../clock/seeded-random'
import { checkHistory, type HistoryCheck } from './check-history'
import { scheduleFaults } from './fault-schedule'
import { type FaultName, faultNames } from './faults'
import { emptyHistory, type History } from './history'
import { expiringItem, expiringTtl, items, laggingItem, sourceLag } from './items'
import { readLast } from './reads'
import { createSource } from './source'
import { startWorkload } from './start-workload'
import type { Workload } from './workload'
import { createWorld, type MakeCache, type World } from './world'

/** Options of {@link simulate}. */
export interface SimulationOptions {
  /** Processes with a cache each. @defaultValue `3` */
  readonly nodes?: number | undefined
  /** Seed of all random numbers: the same seed gives the same history. @defaultValue `1` */
  readonly seed?: number | undefined
  /** Classes of faults to inject; `[]` for none. @defaultValue every class */
  readonly faults?: readonly FaultName[] | undefined
  /** Creates the cache under test. @defaultValue `createCache` */
  readonly makeCache?: MakeCache | undefined
}

const optionTable: OptionTable<SimulationOptions> = {
  nodes: countKind,
  seed: kindOf('a whole number, such as 42', Number.isSafeInteger),
  faults: kindOf(
    `a list of ${faultNames.join(', ')}`,
    (value) => Array.isArray(value) && value.every((name) => faultNames.includes(name)),
  ),
  makeCache: functionKind('createCache'),
}

/** The result of one run. */
export interface Simulation extends HistoryCheck {
  readonly seed: number
  readonly history: History
}

/** Faults are injected and healed within this period, in ms. */
const faultPeriod = { from: 300, to: 4_500 }
/** Random reads and writes stop, in ms. */
const workloadEnd = 5_500
const finalReadsAt = 8_000
const simulationEnd = 9_500

/**
 * Runs several processes against one fake Redis server in virtual time, injects faults, and checks every read against the
 * consistency guarantee.
 *
 * Deterministic simulation, as in FoundationDB: all random numbers come from one seed, so a failing run can be repeated.
 *
 * @example
 * ```ts
 * const { violations } = await simulate({ seed: 42, faults: ['failover', 'loss'] })
 * ```
 * @throws LarderError `BAD_OPTION` for an unknown option, and for a value that it does not accept.
 */
export async function simulate(options: SimulationOptions = {}): Promise<Simulation> {
  checkOptions('simulate', options, optionTable)
  const { nodes: size = 3, seed = 1, faults = faultNames, makeCache = createCache } = options
  const random = seededRandom(seed)
  const settings = drawSettings(random)
  const world = createWorld({ size, random, makeCache, ...settings })
  const history = emptyHistory()
  const source = createSource(items, random, () => world.timers.time)
  const workload: Workload = { world, source, history, until: workloadEnd }
  world.onStart = (node) => startWorkload(workload, node)
  for (let index = 0; index < size; index += 1) world.startNode(index)
  scheduleFaults(world, history, faults, faultPeriod)
  await world.timers.runTo(finalReadsAt)
  for (const node of world.nodes)
    for (let item = 0; item < items; item += 1) void readLast(workload, node, item)
  await world.timers.runTo(simulationEnd)
  history.survivors = world.nodes.map(({ incarnation }) => incarnation)
  const { maxStaleness, staleWhileRevalidate } = settings.cache
  const allowsStale = staleWhileRevalidate !== 0
  // `sourceLag` and `ttl` count on the server's clock: while it jumps they promise nothing.
  const hasSteadyClock = !faults.includes('skew') && !faults.includes('failover')
  const lags = new Map([[laggingItem, hasSteadyClock ? sourceLag : Number.POSITIVE_INFINITY]])
  const ttls = new Map(hasSteadyClock && !allowsStale ? [[expiringItem, expiringTtl]] : [])
  const check = checkHistory(history, { maxStaleness, allowsStale, lags, ttls })
  await closeWorld(world)
  return { seed, history, ...check }
}

/** Draws the settings of the caches and the server. */
function drawSettings(random: () => number) {
  const cache = {
    ttl: pickRandom<Duration>(random, ['300ms', '5s', '1h']),
    maxStaleness: pickRandom(random, [500, 2_000, 2_000]),
    staleWhileRevalidate: pickRandom(random, [0, 0, 0, 10_000]),
    refreshAhead: pickRandom(random, [undefined, undefined, 0.5]),
    storeTimeout: pickRandom(random, [100, 500]),
    circuitPause: pickRandom(random, [200, 1_000]),
    isolate: false,
  } satisfies Partial<CacheOptions>
  const log = {
    maxRecords: pickRandom(random, [4, 100]),
    keyRetention: pickRandom(random, [2_000, 60_000]),
    pageSize: pickRandom(random, [3, 100]),
  }
  // A table that is as small as the log, so that names are merged and dropped in both.
  const maxKnownTags = log.maxRecords === 4 ? 6 : 100_000
  return { cache: { ...cache, maxKnownTags }, log }
}

/** Closes every cache, also those of killed processes, because open caches would slow down the next run. */
export async function closeWorld(world: World): Promise<void> {
  const { everyNode, links, timers } = world
  world.isOver = true
  for (const link of links) link.heal()
  for (const { process } of everyNode) process.reviveForCleanup()
  for (const { cache } of everyNode) void cache.close()
  await timers.runTo(timers.time + 10_000)
}

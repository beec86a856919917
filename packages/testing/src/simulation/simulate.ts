import { type CacheOptions, createCache } from '@larder/core'
import { seededRandom } from '../clock/random'
import { scheduleFaults } from './fault-schedule'
import { type FaultName, faultNames, pick } from './faults'
import { emptyHistory, type History } from './history'
import { type Judgement, judge } from './judge'
import { createSource } from './source'
import { read, type Workload, work } from './workload'
import { createWorld, type MakeCache, type World } from './world'

/** Options of {@link simulate}. */
export interface SimulationOptions {
  /** Processes with a cache each. @defaultValue `3` */
  readonly nodes?: number | undefined
  /** Decides everything that chance decides: the same seed gives the same history. @defaultValue `1` */
  readonly seed?: number | undefined
  /** What goes wrong. `[]` for nothing. @defaultValue every class */
  readonly faults?: readonly FaultName[] | undefined
  /** The cache under test. @defaultValue `createCache` */
  readonly makeCache?: MakeCache | undefined
}

/** What one run came to. */
export interface Simulation extends Judgement {
  readonly seed: number
  readonly history: History
}

const items = 6
/** Faults strike and are mended within this period, in ms. */
const trouble = { from: 300, to: 4_500 }
/** Then reading and writing goes on, until all is left to settle, read once more, and over. In ms. */
const lastWork = 5_500
const settled = 8_000
const end = 9_500

/**
 * Runs several processes over one Redis-like server in virtual time, with faults, and decides each of their reads against
 * the promise of consistency.
 *
 * After the manner of FoundationDB's simulation: everything that chance decides comes from one seed, so that what was
 * found once can be looked at again.
 *
 * @example
 * ```ts
 * const { violations } = await simulate({ seed: 42, faults: ['failover', 'loss'] })
 * ```
 */
export async function simulate({
  nodes: size = 3,
  seed = 1,
  faults = faultNames,
  makeCache = createCache,
}: SimulationOptions = {}): Promise<Simulation> {
  const random = seededRandom(seed)
  const settings = settingsFrom(random)
  const world = createWorld({ size, random, makeCache, ...settings })
  const history = emptyHistory()
  const source = createSource(items, random)
  const workload: Workload = { world, source, history, items, until: lastWork }
  world.onStart = (node) => work(workload, node)
  for (let index = 0; index < size; index += 1) world.start(index)
  scheduleFaults(world, history, faults, trouble)
  await world.timers.runTo(settled)
  for (const node of world.nodes)
    for (let item = 0; item < items; item += 1) void read(workload, node, item, 'bounded', true)
  await world.timers.runTo(end)
  history.survivors = world.nodes.map(({ incarnation }) => incarnation)
  const allowsStale = (settings.cache.staleWhileRevalidate ?? 0) !== 0
  const judgement = judge(history, { maxStaleness: 2_000, allowsStale })
  await letGo(world)
  return { seed, history, ...judgement }
}

/** What chance decides about the caches and the server. */
function settingsFrom(random: () => number) {
  const cache: Partial<CacheOptions> = {
    ttl: pick(random, [300, 5_000, '1h']),
    staleWhileRevalidate: pick(random, [0, 0, 0, 10_000]),
    refreshAhead: pick(random, [undefined, undefined, 0.5]),
    storeTimeout: pick(random, [100, 500]),
    circuitPause: pick(random, [200, 1_000]),
    isolate: false,
  }
  const log = {
    maxRecords: pick(random, [4, 100]),
    keyRetention: pick(random, [2_000, 60_000]),
    pageSize: pick(random, [3, 100]),
  }
  return { cache, log }
}

/** Closes every cache there was, dead or not: what they hold of this process would slow down the next run. */
async function letGo(world: World): Promise<void> {
  const { everyNode, ways, timers } = world
  world.isOver = true
  for (const way of ways) way.mend()
  for (const { process } of everyNode) process.wake()
  for (const { cache } of everyNode) void cache.close()
  await timers.runTo(timers.time + 10_000)
}

import { type CacheOptions, createCache } from '@larder/core'
import { seededRandom } from '../clock/seeded-random'
import { closeWorld } from './simulate'
import { createWorld, type MakeCache, type World } from './world'

/** Options of {@link simulateFleet}. */
export interface FleetOptions {
  /** Number of processes. */
  readonly processes: number
  /** Number of tags that were invalidated before the loss. */
  readonly names: number
  /** Number of links between tags. @defaultValue `0` */
  readonly links?: number | undefined
  /** `flush`: the server loses everything. `failover`: a replica takes over that has none of the names. */
  readonly loss: 'flush' | 'failover'
  /** Seed of all random numbers. @defaultValue `1` */
  readonly seed?: number | undefined
  /** Creates the cache under test. @defaultValue `createCache` */
  readonly makeCache?: MakeCache | undefined
}

/** The cost of a repair: all figures from the loss until every process was current again. */
export interface FleetRun {
  /** In ms; undefined if a process was not current again within a minute. */
  readonly recoveredAfter: number | undefined
  /** Calls of the log that the server answered. */
  readonly calls: number
  /** Records of the log that its scripts read and wrote. */
  readonly recordsTouched: number
  /** How long the server was busy with the log, in ms. */
  readonly busy: number
  readonly failedSyncs: number
  readonly reissued: number
}

/** As measured on Redis: what a call of the log, and each record that it touches, takes, in ms. */
const costs = { call: 0.1, record: 0.02 }
/** How long a fleet may take to recover, in ms. */
const patience = 60_000
/** How long a log that was taken over is not trusted, in ms: no process can be proven current earlier. */
const settleTime = 2_000

/**
 * Many processes know thousands of invalidated names when the log loses them, and the server's work takes time. Measures
 * whether all processes become current again, and what that costs.
 */
export async function simulateFleet(options: FleetOptions): Promise<FleetRun> {
  const { processes, seed = 1, makeCache = createCache } = options
  const cache: Partial<CacheOptions> = { ttl: '1h', isolate: false }
  const log = { maxRecords: 100_000, keyRetention: 3_600_000, pageSize: 5_000 }
  const world = createWorld({ size: processes, random: seededRandom(seed), makeCache, cache, log, costs })
  let reissued = 0
  world.onStart = (node) => {
    node.cache.on('diverged', (event) => {
      reissued += event.reissued
    })
  }
  for (let index = 0; index < processes; index += 1) world.startNode(index)
  const loseRecords = await prepareLoss(world, options)
  const before = totalsOf(world)
  const lostAt = world.timers.time
  loseRecords()
  const recoveredAfter = await awaitRecovery(world, lostAt)
  const after = totalsOf(world)
  await closeWorld(world)
  return {
    recoveredAfter,
    reissued,
    calls: after.calls - before.calls,
    recordsTouched: after.recordsTouched - before.recordsTouched,
    busy: after.busy - before.busy,
    failedSyncs: after.failedSyncs - before.failedSyncs,
  }
}

/** Links and invalidates the names, and lets every process apply them. Returns the function that loses them. */
async function prepareLoss(world: World, { names, links = 0, loss }: FleetOptions): Promise<() => void> {
  const { timers, nodes, server } = world
  await timers.runTo(3_000)
  for (let index = 0; index < links; index += 1)
    void nodes[0]?.cache.link(`child ${index}`, `parent ${index % 10}`)
  await timers.runTo(4_000)
  const replica = server.takeReplica()
  const batchSize = 100
  for (let first = 0; first < names; first += batchSize) {
    const tags = Array.from(
      { length: Math.min(batchSize, names - first) },
      (_, index) => `tag ${first + index}`,
    )
    const node = nodes[(first / batchSize) % nodes.length]
    timers.schedule(first * 0.5, () => void node?.cache.invalidate(tags), false)
  }
  await timers.runTo(timers.time + names * 0.5 + 5_000)
  if (loss === 'flush') return server.flush
  return () => {
    server.failOver(replica)
    for (const { index } of nodes) world.disconnectNode(index)
  }
}

function totalsOf({ nodes, load, server }: World) {
  const failedSyncs = nodes.reduce((sum, { cache }) => sum + cache.stats().syncs.failed, 0)
  return { failedSyncs, calls: load.calls, busy: load.busy, recordsTouched: server.log.recordsTouched }
}

/** How long after the loss every process was current again, in ms. */
async function awaitRecovery({ timers, nodes }: World, lostAt: number): Promise<number | undefined> {
  const isRecovered = () => nodes.every(({ cache }) => cache.stats().lag < timers.time - lostAt - settleTime)
  while (timers.time < lostAt + patience) {
    await timers.runTo(timers.time + 50)
    if (isRecovered()) return timers.time - lostAt
  }
  return undefined
}

import { pickRandom } from '../clock/seeded-random'
import type { ServerState } from '../server/server-state'
import type { History } from '../simulation/history'
import type { Node, World } from '../simulation/world'

/** A period in ms of the simulation. */
interface Period {
  readonly from: number
  readonly to: number
}

/** The means by which an incident changes the simulated system. Times in ms of the simulation. */
export interface Stage {
  readonly world: World
  readonly random: () => number
  /** Periods without writes of the workload. */
  readonly quietPeriods: Period[]
  /** Periods in which two servers keep the log. */
  readonly splits: Period[]
  /** Closes a cache, and records that if the log is within its reach. */
  closeCache(node: Node): Promise<void>
  scheduleAt(time: number, task: () => void): void
  recordEvent(event: string): void
  /** Disconnects every process, and refuses their calls for `length` ms. */
  refuseAll(length: number): void
  replaceProcess(index: number): void
  killProcesses(): void
  /** Starts every process again, at random times within `length` ms. */
  startProcesses(length: number): void
  /** Lets every process invalidate other tags than those of the workload. */
  addTraffic(period: Period): void
  /** The data of a server that takes over: with the entries of now, if the log and the entries are on different servers. */
  takeOver(replica: ServerState): ServerState
}

/** Draws from `low` to `high`, as often below as above their geometric mean. */
export function drawBetween(random: () => number, low: number, high: number): number {
  return low * (high / low) ** random()
}

/** Creates the stage for a world. */
export function createStage(world: World, history: History, entriesAreApart: boolean): Stage {
  const { timers, random } = world
  const scheduleAt = (time: number, task: () => void) => void timers.schedule(time - timers.time, task, false)

  function refuse(index: number, length: number): void {
    const link = world.links[index]
    if (link === undefined) return
    link.isRefused = true
    world.disconnectNode(index)
    scheduleAt(timers.time + length, () => {
      link.isRefused = false
      world.disconnectNode(index)
    })
  }

  return {
    world,
    random,
    quietPeriods: [],
    splits: history.splits,
    scheduleAt,
    recordEvent: (event) => void history.faults.push({ time: timers.time, event }),
    refuseAll(length) {
      for (const index of world.links.keys()) refuse(index, length)
    },
    async closeCache({ index: node, incarnation, cache }) {
      // An open circuit breaker refuses the last try to deliver what waits for the log.
      const isWithinReach = cache.stats().circuits.every(({ state }) => state === 'closed')
      await cache.close()
      if (isWithinReach) history.closes.push({ node, incarnation, time: timers.time })
    },
    replaceProcess(index) {
      world.nodes[index]?.process.kill()
      world.startNode(index)
    },
    killProcesses() {
      for (const { process } of world.nodes) process.kill()
    },
    startProcesses(length) {
      for (const index of world.links.keys())
        scheduleAt(timers.time + length * random(), () => void world.startNode(index))
    },
    addTraffic({ from, to }) {
      for (const index of world.links.keys())
        for (let time = from; time < to; time += 500 + 4_000 * random())
          scheduleAt(time, () => invalidateOther(world, index))
    },
    takeOver: (replica) => (entriesAreApart ? world.server.withCurrentEntries(replica) : replica),
  }
}

function invalidateOther({ nodes, random }: World, index: number): void {
  const node = nodes[index]
  const name = `traffic:${pickRandom(
    random,
    Array.from({ length: 20 }, (_, number) => number),
  )}`
  if (node?.process.isAlive === true) void node.cache.invalidate(name)
}

import { logParts } from '../server/log-state'
import { usualLatency, type World } from './world'

/** Something that goes wrong in a world. */
export interface Fault {
  /** Breaks something; returns how it is mended, if it does not pass by itself. */
  strike(world: World): (() => void) | undefined
  /** What was acknowledged may be lost: see {@link faults}. */
  readonly loses?: boolean
  /** Processes may be kept from repairing what was lost: see {@link faults}. */
  readonly silences?: boolean
}

/** One of several, by chance. */
export function pick<T>(random: () => number, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T
}

const anyNode = ({ random, nodes }: World) => Math.floor(random() * nodes.length)

/**
 * What can go wrong, by name.
 *
 * What a failover loses, the processes that saw it must be there to repeat. That is the one thing the design asks for: a
 * process that dies or is cut off together with the server takes along what nobody else has seen. So what silences
 * processes and what loses records keep their distance.
 */
export const faults = {
  /** Messages take up to 400 ms and overtake each other. */
  slow: {
    silences: true,
    strike({ ways, random }) {
      const way = pick(random, ways)
      way.latency = () => 400 * random() ** 3
      return () => {
        way.latency = usualLatency(random)
      }
    },
  },
  /** Pushed messages get lost, and nobody is told. */
  loss: {
    strike(world) {
      world.pushLoss = pick(world.random, [0.1, 0.5, 1])
      return () => {
        world.pushLoss = 0
      }
    },
  },
  /** The server cannot be reached from one process. */
  partition: {
    silences: true,
    strike({ ways, random }) {
      const way = pick(random, ways)
      way.cut()
      return () => way.mend()
    },
  },
  /** One process loses its connection. */
  disconnect: {
    strike(world) {
      world.disconnect(anyNode(world))
      return undefined
    },
  },
  /** The server refuses everybody; what it holds stays. */
  down: {
    silences: true,
    strike(world) {
      for (const way of world.ways) way.isRefused = true
      disconnectAll(world)
      return () => {
        for (const way of world.ways) way.isRefused = false
        disconnectAll(world)
      }
    },
  },
  /** A process dies without a word, and is started again. */
  crash: {
    silences: true,
    strike(world) {
      const index = anyNode(world)
      const process = world.nodes[index]?.process
      if (process?.isAlive !== true) return undefined
      process.kill()
      return () => void world.start(index)
    },
  },
  /** A process stands still: stopped by a signal, or suspended with its machine. */
  freeze: {
    silences: true,
    strike(world) {
      const process = world.nodes[anyNode(world)]?.process
      process?.freeze(pick(world.random, ['stop', 'suspend']))
      return () => process?.thaw()
    },
  },
  /** Clocks jump: the server's, and that of each process that starts from now on. */
  skew: {
    silences: true,
    strike({ skew, random, nodes }) {
      skew.server += 10_000 * (random() - 0.5)
      for (const { index } of nodes) skew.nodes[index] = 3_600_000 * (random() - 0.5)
      return undefined
    },
  },
  /**
   * A replica that lags takes over: what was written last is lost, with the replica's clock. The server before it already
   * pushed nothing any more.
   */
  failover: {
    loses: true,
    strike(world) {
      const { server, timers, random, skew, ways } = world
      const replica = server.replica()
      world.pushLoss = pick(random, [0, 0.5, 1])
      timers.schedule(
        500 * random(),
        () => {
          world.pushLoss = 0
          server.failOver(replica)
          skew.server += 800 * (random() - 0.5)
          for (const way of ways) way.isRefused = true
          disconnectAll(world)
        },
        false,
      )
      return () => {
        for (const way of ways) way.isRefused = false
        disconnectAll(world)
      }
    },
  },
  /** The server forgets everything. */
  flush: {
    strike({ server }) {
      server.flush()
      return undefined
    },
  },
  /** The server makes room: entries go, and parts of the log. */
  evict: {
    strike({ server, random }) {
      for (const key of server.keys()) if (random() < 0.3) server.evict(key)
      server.evictLog(pick(random, logParts))
      return undefined
    },
  },
} satisfies Record<string, Fault>

function disconnectAll(world: World): void {
  for (const { index } of world.nodes) world.disconnect(index)
}

/** The name of a class of faults. */
export type FaultName = keyof typeof faults

/** Every class of faults. */
export const faultNames = Object.keys(faults) as readonly FaultName[]

/** The fault of this name. */
export function faultOf(name: FaultName): Fault {
  return faults[name]
}

import { pickRandom } from '../clock/seeded-random'
import { logParts } from '../server/log-state'
import { usualLatency, type World } from './world'

/** A class of faults. */
export interface Fault {
  /** Injects the fault; returns the function that heals it, if it does not heal by itself. */
  inject(world: World): (() => void) | undefined
  /** Whether acknowledged records may be lost: see {@link faults}. */
  readonly losesRecords?: boolean
  /** Whether processes may be unable to reissue lost records: see {@link faults}. */
  readonly silencesProcesses?: boolean
}

const randomNodeIndex = ({ random, nodes }: World) => Math.floor(random() * nodes.length)

/**
 * The classes of faults, by name.
 *
 * The design assumes that a process that saw the records lost by a failover survives it and can reissue them. Faults that
 * silence processes and faults that lose records are therefore kept apart in time.
 */
const faults = {
  /** Messages on one link take up to 400 ms, so that those of different streams overtake each other. */
  slow: {
    silencesProcesses: true,
    inject({ links, random }) {
      const link = pickRandom(random, links)
      link.latency = () => 400 * random() ** 3
      return () => {
        link.latency = usualLatency(random)
      }
    },
  },
  /** Pushed messages are lost silently. */
  loss: {
    inject(world) {
      world.pushLoss = pickRandom(world.random, [0.1, 0.5, 1])
      return () => {
        world.pushLoss = 0
      }
    },
  },
  /** One process is partitioned from the server. */
  partition: {
    silencesProcesses: true,
    inject({ links, random }) {
      const link = pickRandom(random, links)
      link.partition()
      return () => link.heal()
    },
  },
  /** One process loses its connection. */
  disconnect: {
    inject(world) {
      world.disconnectNode(randomNodeIndex(world))
      return undefined
    },
  },
  /** The server refuses all calls and keeps its data. */
  down: {
    silencesProcesses: true,
    inject(world) {
      for (const link of world.links) link.isRefused = true
      disconnectAll(world)
      return () => {
        for (const link of world.links) link.isRefused = false
        disconnectAll(world)
      }
    },
  },
  /** A process is killed, and restarted later. */
  crash: {
    silencesProcesses: true,
    inject(world) {
      const index = randomNodeIndex(world)
      const process = world.nodes[index]?.process
      if (process?.isAlive !== true) return undefined
      process.kill()
      return () => void world.startNode(index)
    },
  },
  /** A process is frozen: stopped by a signal, or suspended with its machine. */
  freeze: {
    silencesProcesses: true,
    inject(world) {
      const process = world.nodes[randomNodeIndex(world)]?.process
      process?.freeze(pickRandom(world.random, ['stop', 'suspend']))
      return () => process?.thaw()
    },
  },
  /** The wall clocks of the server, and of processes started later, jump. */
  skew: {
    silencesProcesses: true,
    inject({ skew, random, nodes }) {
      skew.server += 10_000 * (random() - 0.5)
      for (const { index } of nodes) skew.nodes[index] = 3_600_000 * (random() - 0.5)
      return undefined
    },
  },
  /** The wall clock of one process is set forward or back, by up to an hour. */
  step: {
    inject(world) {
      const { random, nodes } = world
      nodes[randomNodeIndex(world)]?.process.shiftWall(7_200_000 * (random() - 0.5))
      return undefined
    },
  },
  /**
   * A lagging replica takes over, with a clock of its own: the latest writes are lost. Before that, the old server may
   * already have stopped pushing.
   */
  failover: {
    losesRecords: true,
    inject(world) {
      const { server, timers, random, skew, links } = world
      const replica = server.takeReplica()
      world.pushLoss = pickRandom(random, [0, 0.5, 1])
      timers.schedule(
        500 * random(),
        () => {
          world.pushLoss = 0
          server.failOver(replica)
          skew.server += 800 * (random() - 0.5)
          for (const link of links) link.isRefused = true
          disconnectAll(world)
        },
        false,
      )
      return () => {
        for (const link of links) link.isRefused = false
        disconnectAll(world)
      }
    },
  },
  /** The server loses all data. */
  flush: {
    inject({ server }) {
      server.flush()
      return undefined
    },
  },
  /** The server evicts some entries and one part of the log. */
  evict: {
    inject({ server, random }) {
      for (const key of server.keys()) if (random() < 0.3) server.evictEntry(key)
      server.evictLogPart(pickRandom(random, logParts))
      return undefined
    },
  },
} satisfies Record<string, Fault>

function disconnectAll(world: World): void {
  for (const { index } of world.nodes) world.disconnectNode(index)
}

/** The name of a class of faults. */
export type FaultName = keyof typeof faults

/** Every class of faults. */
export const faultNames = Object.keys(faults) as readonly FaultName[]

export function faultOf(name: FaultName): Fault {
  return faults[name]
}

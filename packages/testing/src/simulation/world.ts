import type { Cache, CacheOptions, LogMessage } from '@larder/core'
import { flushPromises } from '../clock/flush'
import { createTimerQueue, type TimerQueue } from '../clock/timer-queue'
import { createFakeServer, type FakeServer } from '../server/fake-server'
import { type Connection, createConnection } from './connection'
import { createNetworkLink, type NetworkLink } from './network-link'
import { remoteStore } from './remote-store'
import { type SimulatedProcess, startSimulatedProcess } from './simulated-process'
import { createSubscriptions, type Subscriptions } from './subscriptions'

/** Creates the caches of a simulation: `createCache`, or a variant that is broken on purpose. */
export type MakeCache = (options: CacheOptions) => Cache

/** A process with a cache and a connection to the server. */
export interface Node {
  readonly index: number
  /** Number of restarts. */
  readonly incarnation: number
  readonly process: SimulatedProcess
  readonly connection: Connection
  readonly subscriptions: Subscriptions
  readonly cache: Cache
}

/** The simulated system: several processes, one server, and the network between them. */
export interface World {
  readonly timers: TimerQueue
  readonly random: () => number
  readonly server: FakeServer
  readonly nodes: readonly Node[]
  /** The link of each node to the server. It survives restarts of the node. */
  readonly links: readonly NetworkLink[]
  /** Offsets of the wall clocks of the server and the nodes, in ms. */
  readonly skew: { server: number; readonly nodes: number[] }
  /** The share of pushed messages that are lost, from 0 to 1. */
  pushLoss: number
  /** Drops a node's connection. After the reconnect, its cache is notified that pushes may have been missed. */
  disconnectNode(index: number): void
  /** Starts the process of a node, or restarts it after it was killed. */
  startNode(index: number): Node
  /** Called for each process that starts. */
  onStart: (node: Node) => void
  /** Whether the workload has ended. */
  isOver: boolean
  /** Every process that was ever started, in order. */
  readonly everyNode: readonly Node[]
}

/** Options of {@link createWorld}. */
interface WorldOptions {
  readonly size: number
  readonly random: () => number
  readonly makeCache: MakeCache
  readonly cache: Partial<CacheOptions>
  readonly log: { readonly maxRecords: number; readonly keyRetention: number; readonly pageSize: number }
}

const epoch = 1_700_000_000_000

/** Latencies without a fault: 0.2 to 2 ms. */
export function usualLatency(random: () => number): () => number {
  return () => 0.2 + 1.8 * random()
}

export function createWorld({ size, random, makeCache, cache, log }: WorldOptions): World {
  const timers = createTimerQueue(flushPromises)
  const nodes: Node[] = []
  const everyNode: Node[] = []
  const skew = { server: 0, nodes: Array.from({ length: size }, () => 0) }
  const links = skew.nodes.map(() => createNetworkLink(usualLatency(random)))
  let nonces = 0

  const server = createFakeServer({
    ...log,
    now: () => epoch + timers.time + skew.server,
    monotonic: () => timers.time,
    nextNonce() {
      nonces += 1
      return `n${nonces}`
    },
    onAppend: (message: LogMessage) => pushToNodes(({ deliverMessage }) => deliverMessage(message)),
    onRelease: (key: string) => pushToNodes(({ notifyRelease }) => notifyRelease(key)),
  })

  function pushToNodes(notify: (subscriptions: Subscriptions) => void): void {
    for (const { connection, subscriptions } of nodes)
      if (random() >= world.pushLoss) connection.push(() => notify(subscriptions))
  }

  function startNode(index: number): Node {
    const link = links[index] ?? createNetworkLink(usualLatency(random))
    const process = startSimulatedProcess({ timers, random, wall: epoch + (skew.nodes[index] ?? 0) })
    const connection = createConnection({ timers, process, link, random })
    const subscriptions = createSubscriptions()
    const store = remoteStore(server, connection, subscriptions)
    const node: Node = {
      index,
      incarnation: (nodes[index]?.incarnation ?? -1) + 1,
      process,
      connection,
      subscriptions,
      cache: makeCache({ name: 'simulation', ...cache, store, clock: process.clock }),
    }
    nodes[index] = node
    everyNode.push(node)
    world.onStart(node)
    return node
  }

  const world: World = {
    timers,
    random,
    server,
    nodes,
    links,
    skew,
    pushLoss: 0,
    disconnectNode(index) {
      const node = nodes[index]
      node?.connection.resetConnection()
      node?.connection.push(() => node.subscriptions.notifyDoubt())
    },
    startNode,
    onStart: () => undefined,
    isOver: false,
    everyNode,
  }
  return world
}

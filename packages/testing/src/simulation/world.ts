import type { Cache, CacheOptions, LogMessage } from '@larder/core'
import { settlePromises } from '../clock/settle'
import { createTimers, type Timers } from '../clock/timers'
import { createServer, type Server } from '../server/server'
import { type Connection, connect } from './connection'
import { type SimulatedProcess, startProcess } from './process'
import { remoteStore } from './remote-store'
import { createSubscriptions, type Subscriptions } from './subscriptions'
import { createWay, type Way } from './way'

/** Makes the caches of a simulation: `createCache`, or one that was broken on purpose. */
export type MakeCache = (options: CacheOptions) => Cache

/** A process with a cache, and its way to the server. */
export interface Node {
  readonly index: number
  /** One more after each restart. */
  readonly incarnation: number
  readonly process: SimulatedProcess
  readonly connection: Connection
  readonly subscriptions: Subscriptions
  readonly cache: Cache
}

/** Several processes around one server. */
export interface World {
  readonly timers: Timers
  readonly random: () => number
  readonly server: Server
  readonly nodes: readonly Node[]
  /** The way of each node to the server. It stays when the node is started anew. */
  readonly ways: readonly Way[]
  /** How much the clocks of the server and of the nodes are ahead, in ms. */
  readonly skew: { server: number; readonly nodes: number[] }
  /** The share of pushed messages that get lost. */
  pushLoss: number
  /** Loses a node's connection; when it stands again, its cache is told to doubt. */
  disconnect(index: number): void
  /** Starts a process, the first or the next one of this number. The one before must be dead. */
  start(index: number): Node
  /** Told of each process that starts. */
  onStart: (node: Node) => void
  /** Nobody reads or writes any more. */
  isOver: boolean
  /** Every process there ever was. */
  readonly everyNode: readonly Node[]
}

/** What a world is made of. */
export interface WorldOptions {
  readonly size: number
  readonly random: () => number
  readonly makeCache: MakeCache
  readonly cache: Partial<CacheOptions>
  readonly log: { readonly maxRecords: number; readonly keyRetention: number; readonly pageSize: number }
}

const epoch = 1_700_000_000_000

/** A message that meets no trouble takes 0.2 to 2 ms. */
export function usualLatency(random: () => number): () => number {
  return () => 0.2 + 1.8 * random()
}

export function createWorld({ size, random, makeCache, cache, log }: WorldOptions): World {
  const timers = createTimers(settlePromises)
  const nodes: Node[] = []
  const everyNode: Node[] = []
  const skew = { server: 0, nodes: Array.from({ length: size }, () => 0) }
  const ways = skew.nodes.map(() => createWay(usualLatency(random)))
  let nonces = 0

  const server = createServer({
    ...log,
    now: () => epoch + timers.time + skew.server,
    monotonic: () => timers.time,
    nonce() {
      nonces += 1
      return `n${nonces}`
    },
    onAppend: (message: LogMessage) => publish(({ deliver }) => deliver(message)),
    onRelease: (key: string) => publish(({ wake }) => wake(key)),
  })

  function publish(tell: (subscriptions: Subscriptions) => void): void {
    for (const { connection, subscriptions } of nodes)
      if (random() >= world.pushLoss) connection.push(() => tell(subscriptions))
  }

  function start(index: number): Node {
    const way = ways[index] ?? createWay(usualLatency(random))
    const process = startProcess({ timers, random, wall: epoch + (skew.nodes[index] ?? 0) })
    const connection = connect({ timers, process, way, random })
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
    ways,
    skew,
    pushLoss: 0,
    disconnect(index) {
      const node = nodes[index]
      node?.connection.reset()
      node?.connection.push(() => node.subscriptions.doubt())
    },
    start,
    onStart: () => undefined,
    isOver: false,
    everyNode,
  }
  return world
}

import type { Cache, CacheOptions, LogMessage } from '@larder/core'
import { flushPromises } from '../clock/flush'
import { createTimerQueue, type TimerQueue } from '../clock/timer-queue'
import { createFakeServer, type FakeServer } from '../server/fake-server'
import type { ServerState } from '../server/server-state'
import { type Connection, createConnection } from './connection'
import { createNetworkLink, type NetworkLink } from './network-link'
import { remoteStore } from './remote-store'
import { createServerLoad, type ServerCosts } from './server-load'
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

/** The simulated system: several processes, a server or two, and the network between them. */
export interface World {
  readonly timers: TimerQueue
  readonly random: () => number
  /** The server that was promoted last. */
  readonly server: FakeServer
  /** The server that each node calls: in a split they differ. */
  readonly routes: FakeServer[]
  /** Starts a further server with a replica's data, and a clock that is `clockOffset` ms off. It becomes `server`. */
  promoteServer(replica: ServerState, clockOffset: number): FakeServer
  readonly nodes: readonly Node[]
  /** The link of each node to the server. It survives restarts of the node. */
  readonly links: readonly NetworkLink[]
  /** Offsets of the wall clocks of the server and the nodes, in ms. */
  readonly skew: { server: number; readonly nodes: number[] }
  /** Delivers a message on a node's subscription that its server has not pushed. */
  pushMessage(index: number, message: LogMessage): void
  /** Calls of the log that the server has answered, and how long it was busy with them, in ms. */
  readonly load: { readonly calls: number; readonly busy: number }
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
  /** @defaultValue no time */
  readonly costs?: ServerCosts | undefined
  /** Draws the latency of the next message, in ms. @defaultValue `usualLatency` */
  readonly latency?: (() => number) | undefined
  /** Lets everything run that waits for no timer of the simulation. @defaultValue `flushPromises` */
  readonly flush?: (() => Promise<void>) | undefined
}

const epoch = 1_700_000_000_000

/** Latencies without a fault: 0.2 to 2 ms. */
export function usualLatency(random: () => number): () => number {
  return () => 0.2 + 1.8 * random()
}

export function createWorld(options: WorldOptions): World {
  const {
    size,
    random,
    makeCache,
    log,
    costs,
    latency = usualLatency(random),
    flush = flushPromises,
  } = options
  const timers = createTimerQueue(flush)
  const nodes: Node[] = []
  const everyNode: Node[] = []
  const clocks = createServerClocks(size, timers)
  const { skew } = clocks
  const links = skew.nodes.map(() => createNetworkLink(latency))
  const nextNonce = createNonces()

  function startServer(initialState: ServerState | undefined, clockOffset: number): FakeServer {
    const started: FakeServer = createFakeServer({
      ...log,
      ...clocks.addServer(clockOffset),
      initialState,
      nextNonce,
      onAppend: (message: LogMessage) =>
        pushToNodes(world, started, ({ deliverMessage }) => deliverMessage(message)),
      onRelease: (key: string) => pushToNodes(world, started, ({ notifyRelease }) => notifyRelease(key)),
    })
    return started
  }

  let server = startServer(undefined, 0)
  const routes = links.map(() => server)
  const { load, serveLog } = createServerLoad(timers, () => server, costs)

  function startNode(index: number): Node {
    const link = links[index] ?? createNetworkLink(latency)
    const process = startSimulatedProcess({ timers, random, wall: epoch + (skew.nodes[index] ?? 0) })
    // One process passes a client of its own to the store: it stays open when the cache is closed.
    const outlivesCache = index === 0
    const connection = createConnection({ timers, process, link, random, serveLog, outlivesCache })
    const subscriptions = createSubscriptions()
    const store = remoteStore(() => routes[index] ?? server, connection, subscriptions)
    const cache = makeCache({ name: 'simulation', ...options.cache, store, clock: process.clock })
    const incarnation = (nodes[index]?.incarnation ?? -1) + 1
    const node: Node = { index, incarnation, process, connection, subscriptions, cache }
    nodes[index] = node
    everyNode.push(node)
    world.onStart(node)
    return node
  }

  const world: World = {
    timers,
    random,
    get server() {
      return server
    },
    routes,
    promoteServer(replica, clockOffset) {
      server = startServer(replica, clockOffset)
      return server
    },
    nodes,
    links,
    skew,
    pushMessage: (index, message) =>
      pushToNode(nodes[index], ({ deliverMessage }) => deliverMessage(message)),
    load,
    pushLoss: 0,
    disconnectNode: (index) => disconnect(nodes[index]),
    startNode,
    onStart: () => undefined,
    isOver: false,
    everyNode,
  }
  return world
}

type Notify = (subscriptions: Subscriptions) => void

/** Pushes from a server to the nodes that call it, but for those pushes that are lost. */
function pushToNodes({ nodes, routes, random, pushLoss }: World, from: FakeServer, notify: Notify): void {
  for (const node of nodes) if (routes[node.index] === from && random() >= pushLoss) pushToNode(node, notify)
}

function disconnect(node: Node | undefined): void {
  node?.connection.resetConnection()
  pushToNode(node, ({ notifyDoubt }) => notifyDoubt())
}

function pushToNode(node: Node | undefined, notify: Notify): void {
  node?.connection.push(() => notify(node.subscriptions))
}

/** Returns a function that never returns the same value twice. */
function createNonces(): () => number {
  let count = 0
  return () => {
    count += 1
    return count
  }
}

/** The clocks of the servers, and the offsets of all clocks. `skew.server` is that of the server that was added last. */
function createServerClocks(nodes: number, timers: TimerQueue) {
  let latest = { offset: 0 }
  return {
    skew: {
      get server() {
        return latest.offset
      },
      set server(offset) {
        latest.offset = offset
      },
      nodes: Array.from({ length: nodes }, () => 0),
    },
    addServer(offset: number) {
      const own = { offset }
      latest = own
      return { now: () => epoch + timers.time + own.offset, monotonic: () => timers.time }
    },
  }
}

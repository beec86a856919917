import { EventEmitter, once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type Direction, relayConnection, type Wire } from './relay'

/** A TCP proxy on the loopback that injects network faults. */
export interface FaultyProxy extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly url: string
  /** Bytes received so far, whether or not they were forwarded. */
  readonly traffic: Traffic
  /** Heals all faults. Waiting bytes are delivered first, as TCP retransmits after a partition. */
  pass(): void
  /** Delays every reply, in ms; 0 for no delay. */
  delay(ms: number): void
  /** Partitions the network: connections stay open, no byte passes in that direction. @defaultValue both directions */
  cut(direction?: Direction): void
  /** Resets every connection and each new one. */
  refuse(): void
  /** Resets the open connections; new ones work. */
  reset(): void
  /** Drops the next reply, so that later replies are matched to the wrong requests. */
  swallowReply(): void
  /** Sends the next reply twice, so that later replies are matched to the wrong requests. */
  repeatReply(): void
  /** Sends bytes to the client of every connection, as if they were a reply of the server. */
  inject(bytes: string): void
  close(): Promise<void>
}

/** The number of connections, and of bytes in each direction. */
export interface Traffic {
  readonly connections: number
  readonly questions: number
  readonly answers: number
}

/** The server behind a proxy. */
export interface ProxyTarget {
  /** @defaultValue `'127.0.0.1'` */
  readonly host?: string | undefined
  readonly port: number
}

const host = '127.0.0.1'
const directions: readonly Direction[] = ['questions', 'answers']

/** Starts a proxy to a server. */
export async function startProxy(target: ProxyTarget): Promise<FaultyProxy> {
  const wire: Wire = {
    cut: new Set(),
    // One listener per waiting chunk: many listeners do not indicate a leak.
    events: new EventEmitter().setMaxListeners(0),
    latency: 0,
    copies: [],
    traffic: { questions: 0, answers: 0 },
  }
  const clients = new Set<Socket>()
  let connections = 0
  let isRefusing = false

  const listener = createServer((client) => {
    connections += 1
    if (isRefusing) return void client.resetAndDestroy()
    clients.add(client)
    client.once('close', () => clients.delete(client))
    relayConnection(client, { host: target.host ?? host, port: target.port }, wire)
  }).listen(0, host)
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  function reset(): void {
    for (const client of clients) client.resetAndDestroy()
  }
  async function close(): Promise<void> {
    isRefusing = true
    reset()
    listener.close()
    await once(listener, 'close')
  }

  return {
    host,
    port,
    url: `redis://${host}:${port}`,
    get traffic() {
      return { connections, ...wire.traffic }
    },
    pass() {
      isRefusing = false
      wire.latency = 0
      wire.copies = []
      wire.cut.clear()
      wire.events.emit('healed')
    },
    delay(ms) {
      wire.latency = ms
    },
    cut(direction) {
      for (const blocked of direction === undefined ? directions : [direction]) wire.cut.add(blocked)
    },
    refuse() {
      isRefusing = true
      reset()
    },
    reset,
    swallowReply: () => void wire.copies.push(0),
    repeatReply: () => void wire.copies.push(2),
    inject(bytes) {
      for (const client of clients) client.write(bytes)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

import { EventEmitter, once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type Direction, relay, type Wire } from './relay'

/** A TCP proxy on the loopback whose wire can be made bad. */
export interface FaultyProxy extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly url: string
  /** What has come in so far, whether or not it was let through. */
  readonly traffic: Traffic
  /** Lets everything through again: first what waited, as TCP repeats what was lost on the way. */
  pass(): void
  /** Delays every answer by this much, in ms; 0 for not at all. */
  delay(ms: number): void
  /** Cuts the wire: connections stay open, nothing passes in that direction. @defaultValue both directions */
  cut(direction?: Direction): void
  /** Resets every connection and each new one. */
  refuse(): void
  /** Resets the connections there are; new ones work. */
  reset(): void
  /** Loses the next answer, so that later ones belong to other questions. */
  swallowReply(): void
  /** Sends the next answer twice, so that later ones belong to other questions. */
  repeatReply(): void
  /** Sends bytes on every connection as if they were an answer of the server. */
  inject(bytes: string): void
  close(): Promise<void>
}

/** Numbers of connections and of bytes. */
export interface Traffic {
  readonly connections: number
  readonly questions: number
  readonly answers: number
}

/** Where a proxy leads. */
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
    // One listener for each thing that waits; their number says nothing of a leak.
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
    relay(client, { host: target.host ?? host, port: target.port }, wire)
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
      wire.events.emit('mended')
    },
    delay(ms) {
      wire.latency = ms
    },
    cut(direction) {
      for (const way of direction === undefined ? directions : [direction]) wire.cut.add(way)
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

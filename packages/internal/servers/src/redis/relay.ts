import { type EventEmitter, once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** From the client to the server, or back. */
export type Direction = 'questions' | 'answers'

/** The state of the wire, shared by all connections and changed while they last. */
export interface Wire {
  /** Directions in which nothing passes. */
  readonly cut: Set<Direction>
  /** Emits `mended` when everything passes again. */
  readonly events: EventEmitter
  /** How long an answer takes, in ms. */
  latency: number
  /** How often each of the next answers is sent: 0 loses it, 2 repeats it. */
  copies: number[]
  /** Bytes that came in. */
  readonly traffic: Record<Direction, number>
}

/** Connects a client to the target; both sides end together. */
export function relay(
  client: Socket,
  target: { readonly host: string; readonly port: number },
  wire: Wire,
): void {
  const server = createConnection(target.port, target.host)
  const end = () => {
    client.destroy()
    server.destroy()
  }
  for (const socket of [client, server]) socket.setNoDelay(true).on('error', end).on('close', end)

  const ask = sender(server, 'questions', wire)
  client.on('data', (bytes) => {
    wire.traffic.questions += bytes.length
    ask(bytes, undefined)
  })

  const answer = sender(client, 'answers', wire)
  server.on('data', (bytes) => {
    wire.traffic.answers += bytes.length
    const copies = Array.from({ length: wire.copies.shift() ?? 1 }, () => bytes)
    answer(Buffer.concat(copies), wire.latency === 0 ? undefined : sleep(wire.latency))
  })
}

/** Sends in order, whatever waits for what: TCP may be late, but it loses nothing in the middle of a stream. */
function sender(socket: Socket, direction: Direction, wire: Wire) {
  let sent: Promise<void> = Promise.resolve()
  return (bytes: Buffer, delay: Promise<void> | undefined) => {
    sent = sent.then(async () => {
      await delay
      while (wire.cut.has(direction)) await once(wire.events, 'mended')
      if (socket.writable) socket.write(bytes)
    })
  }
}

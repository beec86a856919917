import { type EventEmitter, once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** From the client to the server, or back. */
export type Direction = 'questions' | 'answers'

/** The state of the wire, shared by all connections and changed while they last. */
export interface Wire {
  /** Directions that are partitioned. */
  readonly cut: Set<Direction>
  /** Emits `healed` when all bytes pass again. */
  readonly events: EventEmitter
  /** Delay of replies, in ms. */
  latency: number
  /** How often each of the next replies is sent: 0 drops it, 2 repeats it. */
  copies: number[]
  /** Bytes received. */
  readonly traffic: Record<Direction, number>
}

/** Connects a client to the target; when one side closes, so does the other. */
export function relayConnection(
  client: Socket,
  target: { readonly host: string; readonly port: number },
  wire: Wire,
): void {
  const server = createConnection(target.port, target.host)
  const destroyBoth = () => {
    client.destroy()
    server.destroy()
  }
  for (const socket of [client, server])
    socket.setNoDelay(true).on('error', destroyBoth).on('close', destroyBoth)

  const sendRequest = createSender(server, 'questions', wire)
  client.on('data', (bytes) => {
    wire.traffic.questions += bytes.length
    sendRequest(bytes, undefined)
  })

  const sendReply = createSender(client, 'answers', wire)
  server.on('data', (bytes) => {
    wire.traffic.answers += bytes.length
    const copies = Array.from({ length: wire.copies.shift() ?? 1 }, () => bytes)
    sendReply(Buffer.concat(copies), wire.latency === 0 ? undefined : sleep(wire.latency))
  })
}

/** Sends chunks in order, even if an earlier one is delayed: TCP never reorders or drops bytes within a stream. */
function createSender(socket: Socket, direction: Direction, wire: Wire) {
  let sent: Promise<void> = Promise.resolve()
  return (bytes: Buffer, delay: Promise<void> | undefined) => {
    sent = sent.then(async () => {
      await delay
      while (wire.cut.has(direction)) await once(wire.events, 'healed')
      if (socket.writable) socket.write(bytes)
    })
  }
}

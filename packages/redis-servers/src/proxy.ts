import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'

/** A TCP proxy on the loopback whose wire can be made bad. */
export interface FaultyProxy extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Lets everything through again. */
  pass(): void
  /** Delays every answer by this much, in ms. */
  delay(ms: number): void
  /** A black hole: connections stay open, nothing passes in either direction. */
  drop(): void
  /** Answers are lost, questions arrive. */
  mute(): void
  /** Resets every connection and refuses new ones. */
  refuse(): void
  /** Resets the connections there are; new ones work. */
  reset(): void
  /** Loses the next answer, so that later ones belong to other questions. */
  swallowReply(): void
  /** Sends bytes as if they were an answer of the server. */
  inject(bytes: string): void
  close(): Promise<void>
}

type Mode = 'pass' | 'drop' | 'mute' | 'refuse'

/** Starts a proxy to a server on the loopback. */
export async function startProxy(target: { readonly port: number }): Promise<FaultyProxy> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>()
  let mode: Mode = 'pass'
  let latency = 0
  let swallow = 0

  function connect(client: Socket): void {
    if (mode === 'refuse') return void client.resetAndDestroy()
    const server = createConnection(target.port, '127.0.0.1')
    const pair = [client, server] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end).setNoDelay(true)
    client.on('data', (bytes) => {
      if (mode !== 'drop') server.write(bytes)
    })
    server.on('data', (bytes) => answer(client, bytes))
  }

  function answer(client: Socket, bytes: Buffer): void {
    if (mode === 'drop' || mode === 'mute') return
    if (swallow > 0) {
      swallow -= 1
      return
    }
    if (latency === 0) client.write(bytes)
    else setTimeout(() => client.writable && client.write(bytes), latency)
  }

  function reset(): void {
    for (const [client, server] of pairs) {
      client.resetAndDestroy()
      server.destroy()
    }
  }

  const listener = createServer(connect).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  async function close(): Promise<void> {
    reset()
    listener.close()
    await once(listener, 'close')
  }

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pass() {
      mode = 'pass'
      latency = 0
    },
    delay(ms) {
      latency = ms
    },
    drop() {
      mode = 'drop'
    },
    mute() {
      mode = 'mute'
    },
    refuse() {
      mode = 'refuse'
      reset()
    },
    reset,
    swallowReply() {
      swallow += 1
    },
    inject(bytes) {
      for (const [client] of pairs) client.write(bytes)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

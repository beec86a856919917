import type { TimerQueue } from '../clock/timer-queue'
import { createLogCalls } from './log-calls'
import type { NetworkLink } from './network-link'
import type { SimulatedProcess } from './simulated-process'
import { createStream } from './stream'

/** The connection of one process to the server. */
export interface Connection {
  /**
   * Runs `work` on the server; settles when the reply arrives. Rejects when the connection is lost, whether or not the
   * server ran it.
   */
  callServer<T>(work: () => T): Promise<T>
  /** Like `callServer`, for calls of the log: replies are matched to calls by their order alone. */
  callLog<T>(work: () => T): Promise<T>
  /** Pushes a message from the server to the process. */
  push(deliver: () => void): void
  /** Drops the connection and rejects the pending calls; the next call opens a new one. */
  resetConnection(): void
  /** The cache is closed: unless the connection outlives it, later calls reject. */
  close(): void
}

/** The process at one end, and the network in between. */
interface ConnectionOptions {
  readonly timers: TimerQueue
  readonly process: SimulatedProcess
  readonly link: NetworkLink
  readonly random: () => number
  /** Runs a call of the log on the server, and returns after how many ms its reply leaves. */
  readonly serveLog: <T>(work: () => T) => { readonly reply: T; readonly delay: number }
  /** Whether the connection stays open when the cache is closed: it is one of the application. */
  readonly outlivesCache: boolean
}

/**
 * Messages arrive in order in each direction, as with TCP. Calls and pushes use separate streams, so they can overtake
 * each other, as they can on the two connections of a Redis client.
 */
export function createConnection(options: ConnectionOptions): Connection {
  const { timers, process, link, random, serveLog, outlivesCache } = options
  let pending = new Set<(reason: Error) => void>()
  let isClosed = false
  const toServer = createStream(timers, link)
  const fromServer = createStream(timers, link)
  const pushes = createStream(timers, link)
  const logCalls = createLogCalls({
    timers,
    process,
    link,
    random,
    serveLog,
    toServer,
    fromServer,
    resetConnection,
  })

  function callServer<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const pendingAtCall = pending
      const isLost = () => pendingAtCall !== pending
      const sendReply = (task: () => void) =>
        fromServer(() => {
          if (isLost() || !pendingAtCall.delete(reject)) return
          process.runWhenAwake(task)
        })
      pendingAtCall.add(reject)
      toServer(() => {
        // A request sent before the connection was lost may or may not have reached the server.
        if (isLost() && random() < 0.5) return
        if (link.isRefused) return sendReply(() => reject(new Error('The server is down.')))
        try {
          const answer = work()
          sendReply(() => resolve(answer))
        } catch (error) {
          sendReply(() => reject(error))
        }
      })
    })
  }

  /** Rejects calls once the connection is closed. */
  const whileOpen =
    (call: <T>(work: () => T) => Promise<T>) =>
    <T>(work: () => T): Promise<T> =>
      isClosed ? Promise.reject(new Error('The connection is closed.')) : call(work)

  function resetConnection(): void {
    const lost = pending
    pending = new Set()
    for (const reject of lost) process.runWhenAwake(() => reject(new Error('The connection was lost.')))
    logCalls.rejectPending()
  }

  return {
    callServer: whileOpen(callServer),
    callLog: whileOpen(logCalls.callLog),
    push: (deliver) => pushes(() => process.runWhenAwake(deliver)),
    resetConnection,
    close() {
      if (outlivesCache) return
      isClosed = true
      resetConnection()
    },
  }
}

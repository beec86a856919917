import type { TimerQueue } from '../clock/timer-queue'
import type { NetworkLink } from './network-link'
import type { SimulatedProcess } from './simulated-process'
import type { Stream } from './stream'

/** Dependencies of {@link createLogCalls}. */
interface LogCallsOptions {
  readonly timers: TimerQueue
  readonly process: SimulatedProcess
  readonly link: NetworkLink
  readonly random: () => number
  /** Runs a call on the server, and returns after how many ms its reply leaves. */
  readonly serveLog: <T>(work: () => T) => { readonly reply: T; readonly delay: number }
  readonly toServer: Stream
  readonly fromServer: Stream
  /** Replaces the connection. */
  resetConnection(): void
}

/** A call that waits for its reply. */
interface PendingCall {
  /** The nonce of the call, which its reply repeats. */
  readonly nonce: number
  resolve(reply: unknown): void
  reject(reason: Error): void
}

/**
 * Calls of the log on one connection. Redis' protocol matches replies to calls by their order alone. If a call or a reply
 * gets lost on the way, later replies reach the wrong calls; the nonce tells, and the connection is replaced.
 */
export function createLogCalls(options: LogCallsOptions) {
  const { timers, process, link, random, serveLog, toServer, fromServer, resetConnection } = options
  let pending: PendingCall[] = []
  let nonces = 0

  /** Runs the work on the server. Returns how its reply settles a call, and when it leaves. */
  function serve(work: () => unknown): { settle(call: PendingCall): void; delay: number } {
    const fail = (error: unknown) => ({
      settle: (call: PendingCall) => call.reject(error as Error),
      delay: 0,
    })
    if (link.isRefused) return fail(new Error('The server is down.'))
    try {
      const { reply, delay } = serveLog(work)
      return { settle: (call) => call.resolve(reply), delay }
    } catch (error) {
      return fail(error)
    }
  }

  function acceptReply(call: PendingCall, nonce: number, settle: (call: PendingCall) => void): void {
    if (call.nonce === nonce) {
      settle(call)
      return
    }
    resetConnection()
    call.reject(new Error('The reply belongs to another call.'))
  }

  function callLog<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const pendingAtCall = pending
      const isLost = () => pendingAtCall !== pending
      nonces += 1
      const nonce = nonces
      pendingAtCall.push({ nonce, resolve: (reply) => resolve(reply as T), reject })
      const sendReply = (settle: (call: PendingCall) => void) =>
        fromServer(() => {
          const call = isLost() ? undefined : pendingAtCall.shift()
          if (call !== undefined) process.runWhenAwake(() => acceptReply(call, nonce, settle))
        })
      toServer(() => {
        // A call sent before the connection was lost may or may not have reached the server.
        if (isLost() && random() < 0.5) return
        const { losesNext } = link
        link.losesNext = undefined
        if (losesNext === 'call') return
        const { settle, delay } = serve(work)
        if (losesNext === 'reply') return
        if (delay === 0) sendReply(settle)
        else timers.schedule(delay, () => sendReply(settle), false)
      })
    })
  }

  return {
    callLog,
    rejectPending(): void {
      const lost = pending
      pending = []
      for (const { reject } of lost) process.runWhenAwake(() => reject(new Error('The connection was lost.')))
    },
  }
}

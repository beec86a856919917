import type { TimerQueue } from '../clock/timer-queue'
import type { NetworkLink } from './network-link'
import type { SimulatedProcess } from './simulated-process'

/** The connection of one process to the server. */
export interface Connection {
  /**
   * Runs `work` on the server; settles when the reply arrives. Rejects when the connection is lost, whether or not the
   * server ran it.
   */
  callServer<T>(work: () => T): Promise<T>
  /** Pushes a message from the server to the process. */
  push(deliver: () => void): void
  /** Drops the connection and rejects the pending calls; the next call opens a new one. */
  resetConnection(): void
}

/** The process at one end, and the network in between. */
interface ConnectionOptions {
  readonly timers: TimerQueue
  readonly process: SimulatedProcess
  readonly link: NetworkLink
  readonly random: () => number
}

/**
 * Messages arrive in order in each direction, as with TCP. Calls and pushes use separate streams, so they can overtake
 * each other, as they can on the two connections of a Redis client.
 */
export function createConnection({ timers, process, link, random }: ConnectionOptions): Connection {
  let pending = new Set<(reason: Error) => void>()
  const toServer = createStream(timers, link)
  const fromServer = createStream(timers, link)
  const pushes = createStream(timers, link)

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

  return {
    callServer,
    push: (deliver) => pushes(() => process.runWhenAwake(deliver)),
    resetConnection() {
      const lost = pending
      pending = new Set()
      for (const reject of lost) process.runWhenAwake(() => reject(new Error('The connection was lost.')))
    },
  }
}

/** Delivers messages in order, each after the link's latency, and none while the link is partitioned. */
function createStream(timers: TimerQueue, link: NetworkLink) {
  const queue: (() => void)[] = []
  let isBusy = false

  function deliverNext(): void {
    if (link.isPartitioned) {
      link.onHeal(scheduleNext)
      return
    }
    queue.shift()?.()
    if (queue.length > 0) scheduleNext()
    else isBusy = false
  }
  function scheduleNext(): void {
    isBusy = true
    timers.schedule(link.latency(), deliverNext, false)
  }
  return (deliver: () => void) => {
    queue.push(deliver)
    if (!isBusy) scheduleNext()
  }
}

import type { Timers } from '../clock/timers'
import type { SimulatedProcess } from './process'
import type { Way } from './way'

/** The way between one process and the server. */
export interface Connection {
  /** Asks the server; settles when its answer is back. Rejects when the connection is lost, whatever came of it there. */
  call<T>(work: () => T): Promise<T>
  /** Sends something from the server to the process, which it did not ask for. */
  push(deliver: () => void): void
  /** Loses the connection; the next call has a new one. */
  reset(): void
}

/** What a connection stands between. */
export interface ConnectionOptions {
  readonly timers: Timers
  readonly process: SimulatedProcess
  readonly way: Way
  readonly random: () => number
}

/**
 * In order in each direction, as TCP has it. What is asked and what is pushed travel on different streams, so that they
 * overtake each other.
 */
export function connect({ timers, process, way, random }: ConnectionOptions): Connection {
  let pending = new Set<(reason: Error) => void>()
  const toServer = stream(timers, way)
  const fromServer = stream(timers, way)
  const pushes = stream(timers, way)

  function call<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const own = pending
      const isLost = () => own !== pending
      const settle = (task: () => void) =>
        fromServer(() => {
          if (isLost() || !own.delete(reject)) return
          process.run(task)
        })
      own.add(reject)
      toServer(() => {
        // What was sent before a connection was lost may have come through, or not.
        if (isLost() && random() < 0.5) return
        if (way.isRefused) return settle(() => reject(new Error('The server is down.')))
        try {
          const answer = work()
          settle(() => resolve(answer))
        } catch (error) {
          settle(() => reject(error))
        }
      })
    })
  }

  return {
    call,
    push: (deliver) => pushes(() => process.run(deliver)),
    reset() {
      const lost = pending
      pending = new Set()
      for (const reject of lost) process.run(() => reject(new Error('The connection was lost.')))
    },
  }
}

/** Delivers one after the other, each after a time of its own, and none while the way is cut. */
function stream(timers: Timers, way: Way) {
  const queue: (() => void)[] = []
  let isBusy = false

  function arrive(): void {
    if (way.isCut) {
      way.onMend(next)
      return
    }
    queue.shift()?.()
    if (queue.length > 0) next()
    else isBusy = false
  }
  function next(): void {
    isBusy = true
    timers.schedule(way.latency(), arrive, false)
  }
  return (deliver: () => void) => {
    queue.push(deliver)
    if (!isBusy) next()
  }
}

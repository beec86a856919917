import { captureAsyncScope } from '../async-scope'
import type { Clock } from '../contracts/clock'

/** Something that has to end by a certain time. */
export interface Deadline {
  /** It has ended by itself. */
  cancel(): void
}

/** What is left may be so little that adding it changes no clock: then the timer would come again and again. */
const shortestTimer = 1
/** Timers of engines hold 31 bits of ms. */
const longestTimer = 2 ** 31 - 1

interface Pending {
  /** On the monotonic clock, in ms. */
  readonly at: number
  end(): void
}

/**
 * Deadlines of many things that mostly end in time. Those of the same length fall due in the order they were set, so one
 * timer serves them all; a timer of its own for each would cost more than most of what it watches. Like
 * `AbortSignal.timeout`, a deadline alone keeps no process alive. The timer belongs to none of those it serves, so it runs
 * in nobody's asynchronous context. What `end` throws is for who set it to prevent.
 */
export function createDeadlines(clock: Clock) {
  const queues = new Map<number, Set<Pending>>()
  const unbound = captureAsyncScope()

  function queueOf(limit: number): Set<Pending> {
    const known = queues.get(limit)
    if (known !== undefined) return known
    const queue = new Set<Pending>()
    queues.set(limit, queue)
    watch(queue, limit, limit)
    return queue
  }

  /** Looks at the first in line when it falls due; once nobody is left in line, nothing is watched. */
  function watch(queue: Set<Pending>, limit: number, delay: number): void {
    const wait = Math.max(shortestTimer, Math.min(delay, longestTimer))
    unbound(() => clock.background(wait, () => look(queue, limit)))
  }

  function look(queue: Set<Pending>, limit: number): void {
    const now = clock.monotonic()
    for (const pending of queue) {
      if (pending.at > now) {
        watch(queue, limit, pending.at - now)
        return
      }
      queue.delete(pending)
      pending.end()
    }
    queues.delete(limit)
  }

  return {
    /** Calls `end` after `limit` ms, counted from `start` on the monotonic clock; never where the limit is `Infinity`. */
    set(limit: number, start: number, end: () => void): Deadline {
      if (limit === Number.POSITIVE_INFINITY) return endless
      const queue = queueOf(limit)
      const pending: Pending = { at: start + limit, end }
      queue.add(pending)
      return { cancel: () => void queue.delete(pending) }
    },
  }
}

const endless: Deadline = { cancel: () => undefined }

export type Deadlines = ReturnType<typeof createDeadlines>

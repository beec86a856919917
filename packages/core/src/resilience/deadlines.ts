import { captureAsyncScope } from '../async-scope'
import type { Clock } from '../contracts/clock'

/** A pending call of `onExpire`. */
interface Deadline {
  /** Drops the call, because the guarded work has ended. */
  cancel(): void
}

/** Shortest timer, in ms. A smaller remainder may not change the clock's reading, and the timer would fire again and again. */
const shortestTimer = 1
/** Longest timer, in ms: engines keep delays in 31 bits. */
const longestTimer = 2 ** 31 - 1

interface Pending {
  /** When the deadline expires, on the monotonic clock, in ms. */
  readonly expiresAt: number
  onExpire(): void
}

/**
 * Timeouts for many operations, most of which end in time. Deadlines of the same length expire in the order they were set,
 * so one timer per length serves all of them: a timer each would cost more than most of the operations. Like
 * `AbortSignal.timeout`, a deadline does not keep the process alive. The shared timer runs outside the async context of
 * its callers. `onExpire` must not throw.
 */
export function createDeadlines(clock: Clock) {
  const queues = new Map<number, Set<Pending>>()
  const runUnbound = captureAsyncScope()

  function queueFor(limit: number): Set<Pending> {
    const known = queues.get(limit)
    if (known !== undefined) return known
    const queue = new Set<Pending>()
    queues.set(limit, queue)
    armTimer(queue, limit, limit)
    return queue
  }

  function armTimer(queue: Set<Pending>, limit: number, delay: number): void {
    const wait = Math.max(shortestTimer, Math.min(delay, longestTimer))
    runUnbound(() => clock.background(wait, () => expireDue(queue, limit)))
  }

  /** Expires the deadlines that are due, and re-arms the timer for the next one. An empty queue is dropped with its timer. */
  function expireDue(queue: Set<Pending>, limit: number): void {
    const now = clock.monotonic()
    for (const pending of queue) {
      if (pending.expiresAt > now) {
        armTimer(queue, limit, pending.expiresAt - now)
        return
      }
      queue.delete(pending)
      pending.onExpire()
    }
    queues.delete(limit)
  }

  return {
    /** Calls `onExpire` `limit` ms after `start` (on the monotonic clock); never if the limit is `Infinity`. */
    set(limit: number, start: number, onExpire: () => void): Deadline {
      if (limit === Number.POSITIVE_INFINITY) return endless
      const queue = queueFor(limit)
      const pending: Pending = { expiresAt: start + limit, onExpire }
      queue.add(pending)
      return { cancel: () => void queue.delete(pending) }
    },
  }
}

const endless: Deadline = { cancel: () => undefined }

export type Deadlines = ReturnType<typeof createDeadlines>

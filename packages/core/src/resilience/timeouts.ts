import { runOutsideContexts } from '../async-scope'
import type { Clock } from '../contracts/clock'

/** A pending call of `onExpire`. */
export interface Deadline {
  /** Drops the call, because the guarded work has ended. */
  cancel(): void
}

/** Shortest timer, in ms. A smaller remainder may not change the clock's reading, and the timer would fire again and again. */
const shortestTimer = 1
/** Longest timer, in ms: engines keep delays in 31 bits. */
const longestTimer = 2 ** 31 - 1
/** Timers per limit. More of them notice shorter stalls of the event loop. */
const checksPerLimit = 4

interface Pending {
  /** When the deadline expires, in counted time, in ms. */
  readonly expiresAt: number
  onExpire(): void
}

/** The deadlines of one length. They expire in the order they were set, so one timer serves all of them. */
interface Queue {
  readonly limit: number
  readonly pending: Set<Pending>
  /** Counted time at the last check, in ms. */
  counted: number
  /** Time of the last check, on the monotonic clock, in ms. */
  checkedAt: number
  /** Delay of the running timer, in ms: a timer that fires later than this was held up by a stall. */
  delay: number
}

/**
 * Timeouts for many operations, most of which end in time: a timer each would cost more than most of the operations. Like
 * `AbortSignal.timeout`, a deadline does not keep the process alive, unless its timers are scheduled by `clock.timeout`. The
 * shared timers run outside the async context of their callers. `onExpire` must not throw.
 *
 * A deadline measures the work that it guards, and not this process. Time in which the event loop did not run does not
 * count: until a timer fires, no more than its delay counts, and a limit has at least four timers, so at most that many
 * stalls are excused. A deadline that is due expires one turn of the event loop later, because timers run before the input
 * that has arrived is read: an answer that waits in the socket is in time.
 */
export function createTimeouts(clock: Clock, schedule = clock.background) {
  const queues = new Map<number, Queue>()

  function queueFor(limit: number): Queue {
    const known = queues.get(limit)
    if (known !== undefined) return known
    const queue = { limit, pending: new Set<Pending>(), counted: 0, checkedAt: clock.monotonic(), delay: 0 }
    queues.set(limit, queue)
    armTimer(queue, limit)
    return queue
  }

  /** The time that counts up to `now`. */
  function countedAt(queue: Queue, now: number): number {
    return queue.counted + Math.min(now - queue.checkedAt, queue.delay)
  }

  function armTimer(queue: Queue, remaining: number): void {
    const delay = Math.min(remaining, queue.limit / checksPerLimit, longestTimer)
    queue.delay = Math.max(shortestTimer, delay)
    runOutsideContexts(() => schedule(queue.delay, () => checkFirst(queue)))
  }

  /** Expires what is due after the next turn, or re-arms the timer. An empty queue is dropped with its timer. */
  function checkFirst(queue: Queue): void {
    const now = clock.monotonic()
    queue.counted = countedAt(queue, now)
    queue.checkedAt = now
    const [first] = queue.pending
    if (first === undefined) {
      queues.delete(queue.limit)
    } else if (first.expiresAt > queue.counted) {
      armTimer(queue, first.expiresAt - queue.counted)
    } else {
      queue.delay = 0
      schedule(0, () => expireDue(queue))
    }
  }

  function expireDue(queue: Queue): void {
    for (const pending of queue.pending) {
      if (pending.expiresAt > queue.counted) break
      queue.pending.delete(pending)
      pending.onExpire()
    }
    checkFirst(queue)
  }

  return {
    /** Calls `onExpire` `limit` ms after `start` (on the monotonic clock); never if the limit is `Infinity`. */
    set(limit: number, start: number, onExpire: () => void): Deadline {
      if (limit === Number.POSITIVE_INFINITY) return endless
      const queue = queueFor(limit)
      const now = clock.monotonic()
      const pending: Pending = { expiresAt: countedAt(queue, now) + limit - (now - start), onExpire }
      queue.pending.add(pending)
      return { cancel: () => void queue.pending.delete(pending) }
    },
  }
}

const endless: Deadline = { cancel: () => undefined }

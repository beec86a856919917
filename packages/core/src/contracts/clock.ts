/**
 * Time, randomness and scheduling. Everything in Larder that waits, expires or draws random numbers goes through a clock,
 * so that a test can stop time, jump ahead, or repeat a run.
 */
export interface Clock {
  /** Wall clock: milliseconds since the epoch. May jump, and may differ from other machines. */
  now(): number
  /** Monotonic clock: milliseconds since an arbitrary origin. */
  monotonic(): number
  /** A random number from 0 (inclusive) to 1 (exclusive). */
  random(): number
  /** Runs `task` after `delay` ms and keeps the process alive until then. Returns a cancel function. */
  timeout(delay: number, task: () => void): () => void
  /** Runs `task` after `delay` ms without keeping the process alive: for housekeeping. Returns a cancel function. */
  background(delay: number, task: () => void): () => void
}

/** The clock of the runtime. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  timeout(delay, task) {
    const timer = setTimeout(task, delay)
    return () => clearTimeout(timer)
  },
  background(delay, task) {
    const timer: unknown = setTimeout(task, delay)
    // Only Node, Bun and Deno have `unref`; timers of other runtimes do not keep a process alive.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
  },
}

/**
 * Time, chance and scheduling. Everything in Larder that waits, ages or draws lots asks one of these,
 * so a test can stand still, jump ahead, or repeat itself.
 */
export interface Clock {
  /** Wall time: milliseconds since the epoch. May jump, and may disagree with other machines. */
  now(): number
  /** Milliseconds from an arbitrary start that never go backwards. */
  monotonic(): number
  /** A number from 0 (included) to 1 (excluded). */
  random(): number
  /** Runs `task` after `delay` ms. Somebody waits for it, so it keeps the process alive. Returns a cancel. */
  timeout(delay: number, task: () => void): () => void
  /** Runs `task` after `delay` ms if the process is still there: housekeeping keeps nothing alive. Returns a cancel. */
  background(delay: number, task: () => void): () => void
}

/** The machine's own clock. */
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
    // Only Node, Bun and Deno have timers that can let go of the process; elsewhere nothing needs it.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
  },
}

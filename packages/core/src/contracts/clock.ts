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

/** Longest delay of a timer of the runtime, in ms: engines keep delays in 31 bits, and run a longer timer at once. */
const longestDelay = 2 ** 31 - 1

type TimerHandle = ReturnType<typeof setTimeout>

/** Runs `task` after a delay of any length, `Infinity` included. Returns a cancel function. */
function startTimer(delay: number, task: () => void, onStart: (timer: TimerHandle) => void): () => void {
  let remaining = delay
  let timer: TimerHandle
  function startNext(): void {
    const next = Math.min(remaining, longestDelay)
    remaining -= next
    timer = setTimeout(remaining > 0 ? startNext : task, next)
    onStart(timer)
  }
  startNext()
  return () => clearTimeout(timer)
}

/** Only Node, Bun and Deno have `unref`; timers of other runtimes do not keep a process alive. */
function unrefTimer(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
}

/** The clock of the runtime. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  timeout: (delay, task) => startTimer(delay, task, () => undefined),
  background: (delay, task) => startTimer(delay, task, unrefTimer),
}

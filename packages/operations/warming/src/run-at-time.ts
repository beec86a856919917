import type { Clock } from '@larder/core'

/** Maximum delay between two looks at the wall clock, in ms: the clock may be set, and timers are limited to 24 days. */
const checkInterval = 60_000

/** Runs `task` when the wall clock reaches `time`. Does not keep the process alive. Returns a function that cancels it. */
export function runAtTime(clock: Clock, time: number, task: () => void): () => void {
  let cancelTimer: () => void
  function checkTime(): void {
    const remaining = time - clock.now()
    if (remaining <= 0) task()
    else cancelTimer = clock.background(Math.min(remaining, checkInterval), checkTime)
  }
  cancelTimer = clock.background(Math.min(Math.max(0, time - clock.now()), checkInterval), checkTime)
  return () => cancelTimer()
}

import type { Clock } from '@larder/core'

/** The wall clock may be set, and timers end after 24 days: so it is looked at this often, in ms. */
const lookEvery = 60_000

/** Runs `task` when the wall clock shows `time`, and keeps nothing alive by it. Returns a cancel. */
export function atTime(clock: Clock, time: number, task: () => void): () => void {
  let cancel: () => void
  function look(): void {
    const left = time - clock.now()
    if (left <= 0) task()
    else cancel = clock.background(Math.min(left, lookEvery), look)
  }
  cancel = clock.background(Math.min(Math.max(0, time - clock.now()), lookEvery), look)
  return () => cancel()
}

import type { Clock } from '@larder/core'
import type { Schedule } from './cron'
import { runAtTime } from './run-at-time'
import type { ScheduledRuns } from './scheduled-runs'
import type { Warming } from './warming'

/**
 * Starts a run at each time of the schedule, until it is stopped. `controller` is aborted then.
 * @returns the schedule; its `done` resolves after `stop()`, when a run of this process has ended
 */
export function followSchedule(
  schedule: Schedule,
  runs: ScheduledRuns,
  { clock, controller }: { readonly clock: Clock; readonly controller: AbortController },
): Warming<void> {
  let cancelTimer: () => void = () => undefined
  let resolveDone: (lastRun: Promise<void> | undefined) => void = () => undefined
  const done = new Promise<void>((resolve) => {
    resolveDone = resolve
  })

  function startRun(time: number): void {
    // A process that was suspended for several scheduled times continues with the next one.
    const isMissed = (schedule.nextAfter(time) ?? Number.POSITIVE_INFINITY) <= clock.now()
    if (!isMissed) runs.startRun(time)
    scheduleNext()
  }

  function scheduleNext(): void {
    const time = schedule.nextAfter(clock.now())
    if (time !== undefined) cancelTimer = runAtTime(clock, time, () => startRun(time))
    else resolveDone(runs.currentRun)
  }

  function stop(): void {
    cancelTimer()
    controller.abort()
    resolveDone(runs.runWithOwnTasks)
  }

  scheduleNext()
  return { stop, done }
}

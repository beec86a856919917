import { type Cache, type Clock, systemClock, type WarmOptions } from '@larder/core'
import { atTime } from './at-time'
import { cronOf } from './cron'
import type { ScheduledTasks } from './fleet-run'
import { createRuns, type ScheduledRun } from './scheduled-runs'
import type { Warming } from './warming'

/** Options of {@link warmOnSchedule}. */
export interface WarmOnScheduleOptions extends Pick<WarmOptions, 'concurrency' | 'onProgress'> {
  /** Names the schedule in all processes: schedules of one cache differ in it. */
  readonly name: string
  /** Whether `'once'` one process of all runs the tasks, or `'each'` for itself. @defaultValue 'once' */
  readonly runOn?: 'one-process' | 'every-process' | undefined
  /** Of the cron expression, as IANA names it: the same in all processes. @defaultValue 'UTC' */
  readonly timezone?: string | undefined
  /** Called after each scheduled time. */
  readonly onRun?: ((run: ScheduledRun) => void) | undefined
  /** For tests. @defaultValue the machine's */
  readonly clock?: Clock | undefined
}

/**
 * Warms at the times of a cron expression. Each of them runs once in the whole fleet, and not where the run before is
 * still going. A time that passes while no process is there is not made up for. `done` resolves after `stop()`.
 * @throws LarderError `BAD_OPTION` for text that is no cron expression, saying what to write.
 */
export function warmOnSchedule(
  cache: Pick<Cache, 'warm'>,
  cronText: string,
  tasks: ScheduledTasks,
  { clock = systemClock, timezone = 'UTC', onRun, ...options }: WarmOnScheduleOptions,
): Warming<void> {
  const schedule = cronOf(cronText, timezone, clock.now())
  const controller = new AbortController()
  const runs = createRuns(schedule, { ...options, cache, tasks, signal: controller.signal }, onRun)
  let cancel: () => void = () => undefined
  let finish: (lastRun: Promise<void> | undefined) => void = () => undefined
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })

  function arrive(time: number): void {
    // A process that slept through more than one time joins in with the next.
    const isMissed = (schedule.next(time) ?? Number.POSITIVE_INFINITY) <= clock.now()
    if (!isMissed) runs.start(time)
    plan()
  }

  function plan(): void {
    const time = schedule.next(clock.now())
    if (time !== undefined) cancel = atTime(clock, time, () => arrive(time))
    else finish(runs.current)
  }

  function stop(): void {
    cancel()
    controller.abort()
    finish(runs.own)
  }

  plan()
  return { stop, done }
}

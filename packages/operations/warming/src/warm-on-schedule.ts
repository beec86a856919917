import { type Cache, type Clock, systemClock, type WarmOptions } from '@larder/core'
import { parseCron } from './cron'
import { followSchedule } from './follow-schedule'
import type { ScheduledTasks } from './run-warm-up'
import { createScheduledRuns, type ScheduledRun } from './scheduled-runs'
import type { Warming } from './warming'

/** Options of {@link warmOnSchedule}. */
export interface WarmOnScheduleOptions extends Pick<WarmOptions, 'concurrency' | 'onProgress'> {
  /** Identifies the schedule in all processes: two schedules of one cache need different names. */
  readonly name: string
  /** Whether each run takes place in one process or in every process. @defaultValue 'one-process' */
  readonly runOn?: 'one-process' | 'every-process' | undefined
  /** The IANA time zone of the cron expression, the same in all processes. @defaultValue 'UTC' */
  readonly timezone?: string | undefined
  /** Called after each scheduled time. */
  readonly onRun?: ((run: ScheduledRun) => void) | undefined
  /** For tests. @defaultValue systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Warms the cache at the times of a cron expression. Each run takes place in one of all processes by default, and is
 * skipped in a process whose previous run is still going. A time that passes while no process runs is not made up for.
 * `done` resolves after `stop()`.
 *
 * @example
 * ```ts
 * const schedule = warmOnSchedule(cache, '0 * * * *', () => [() => product.refresh(1)], { name: 'products' })
 * process.once('SIGTERM', () => schedule.stop())
 * ```
 * @throws LarderError `BAD_OPTION` for an invalid cron expression or time zone.
 */
export function warmOnSchedule(
  cache: Pick<Cache, 'warm'>,
  cronText: string,
  tasks: ScheduledTasks,
  { clock = systemClock, timezone = 'UTC', onRun, ...options }: WarmOnScheduleOptions,
): Warming<void> {
  const schedule = parseCron(cronText, timezone, clock.now())
  const controller = new AbortController()
  const runs = createScheduledRuns(schedule, { ...options, cache, tasks, signal: controller.signal }, onRun)
  return followSchedule(schedule, runs, { clock, controller })
}

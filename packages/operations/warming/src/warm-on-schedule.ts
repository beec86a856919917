import {
  anyKind,
  type Cache,
  type Clock,
  checkOptions,
  choiceKind,
  functionKind,
  nameKind,
  type OptionTable,
  systemClock,
  textKind,
  type WarmOptions,
} from '@larder/core'
import { checkCache } from './check-cache'
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

const optionTable: OptionTable<WarmOnScheduleOptions> = {
  name: nameKind,
  runOn: choiceKind('one-process', 'every-process'),
  timezone: textKind,
  onRun: functionKind('({ outcome }) => console.log(outcome)'),
  clock: anyKind,
  // Checked by `warm` of the cache.
  concurrency: anyKind,
  onProgress: anyKind,
}
const tasksKind = functionKind('() => [() => product.refresh(1)]')

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
  options: WarmOnScheduleOptions,
): Warming<void> {
  checkCache('warmOnSchedule', cache, 'warm')
  textKind(cronText, 'warmOnSchedule: the cron expression')
  tasksKind(tasks, 'warmOnSchedule: the third argument')
  checkOptions('warmOnSchedule', options ?? null, optionTable)
  nameKind(options.name, 'warmOnSchedule: name')
  const { clock = systemClock, timezone = 'UTC', onRun, ...runOptions } = options
  const schedule = parseCron(cronText, timezone, clock.now())
  const controller = new AbortController()
  const runs = createScheduledRuns(
    schedule,
    { ...runOptions, cache, tasks, signal: controller.signal },
    onRun,
  )
  return followSchedule(schedule, runs, { clock, controller })
}

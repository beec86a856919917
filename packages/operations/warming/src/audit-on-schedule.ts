import {
  type AuditOptions,
  type AuditReport,
  anyKind,
  auditOptionTable,
  type Cache,
  type Clock,
  checkOptions,
  choiceKind,
  type Duration,
  durationKind,
  functionKind,
  nameKind,
  type OptionTable,
  systemClock,
} from '@larder/core'
import { checkCache } from './check-cache'
import type { Schedule } from './cron'
import { followSchedule } from './follow-schedule'
import { toPeriod } from './period'
import { createScheduledRuns, type ScheduledRun } from './scheduled-runs'
import type { Warming } from './warming'

/** Options of {@link auditOnSchedule}, beside those of `cache.audit`. */
export interface AuditOnScheduleOptions<V = unknown> extends Omit<AuditOptions<V>, 'signal'> {
  /** Time between two audits, up to `'24d'`. They start at its multiples: `'1h'` is at each full hour, `'1d'` at midnight UTC. */
  readonly every: Duration
  /**
   * Identifies the schedule in all processes: two schedules of one cache need different names, or only one of them audits.
   * @defaultValue 'audit' and the `pattern`
   */
  readonly name?: string | undefined
  /** Whether each audit takes place in one process or in every process. @defaultValue 'one-process' */
  readonly runOn?: 'one-process' | 'every-process' | undefined
  /** Called after each audit, in the process that made it. */
  readonly onReport?: ((report: AuditReport) => void) | undefined
  /** For tests. @defaultValue systemClock */
  readonly clock?: Clock | undefined
}

const { signal: _, ...auditKinds } = auditOptionTable
const optionTable: OptionTable<AuditOnScheduleOptions> = {
  ...auditKinds,
  every: durationKind,
  name: nameKind,
  runOn: choiceKind('one-process', 'every-process'),
  onReport: functionKind('({ different }) => console.log(different)'),
  clock: anyKind,
}

/**
 * Audits the cache again and again, so that a missing invalidation is found in production: by the event `mismatch`, the metric
 * `cache.audited` and its alert. Each audit takes place in one of all processes by default, and is skipped while the previous
 * one is still going. An audit that fails is a `warning`.
 *
 * @example
 * ```ts
 * const audits = auditOnSchedule(cache, { every: '1h', pattern: 'product(*)', source: (key) => db.product(idOf(key)) })
 * process.once('SIGTERM', () => audits.stop())
 * ```
 * @throws LarderError `BAD_DURATION` or `BAD_OPTION` for an invalid option, at once and not at the first audit.
 */
export function auditOnSchedule<V>(
  cache: Pick<Cache<V>, 'audit' | 'warm' | 'warn'>,
  options: AuditOnScheduleOptions<V>,
): Warming<void> {
  checkCache('auditOnSchedule', cache, 'audit', 'warm', 'warn')
  checkOptions('auditOnSchedule', options ?? null, optionTable)
  optionTable.source(options.source, 'auditOnSchedule: source')
  const { every, name = `audit ${options.pattern ?? '*'}`, ...others } = options
  const { runOn, onReport, clock = systemClock, ...auditOptions } = others
  const schedule = createPeriodicSchedule(toPeriod(every, 'every'))
  const controller = new AbortController()
  const { signal } = controller
  const warnOfFailure = (error: unknown) =>
    cache.warn(`The scheduled audit "${name}" failed: ${error instanceof Error ? error.message : error}`)

  async function runAudit(): Promise<void> {
    try {
      const report = await cache.audit({ ...auditOptions, signal })
      onReport?.(report)
    } catch (error) {
      warnOfFailure(error)
    }
  }

  function checkRun(run: ScheduledRun): void {
    if (run.outcome === 'failed') warnOfFailure(run.error)
  }

  const runOptions = { cache, name, runOn, signal, tasks: () => [runAudit] }
  return followSchedule(schedule, createScheduledRuns(schedule, runOptions, checkRun), { clock, controller })
}

/** The multiples of a period since the epoch, which are the same in all processes. */
function createPeriodicSchedule(period: number): Schedule {
  return { nextAfter: (time) => (Math.floor(time / period) + 1) * period }
}

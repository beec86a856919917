import type { WarmReport } from '@larder/core'
import type { Schedule } from './cron'
import { runWarmUp, type WarmUpOptions } from './run-warm-up'

/** The outcome of one scheduled time. */
export type ScheduledRun =
  | { readonly at: Date; readonly outcome: 'done'; readonly report: WarmReport }
  /** The previous run was still going. */
  | { readonly at: Date; readonly outcome: 'skipped' }
  /** The tasks could not be created. */
  | { readonly at: Date; readonly outcome: 'failed'; readonly error: unknown }

/** The runs of a schedule in this process, of which at most one is in progress. */
export function createScheduledRuns(
  schedule: Schedule,
  options: WarmUpOptions,
  onRun?: (run: ScheduledRun) => void,
) {
  let currentRun: Promise<void> | undefined
  let hasOwnTasks = false

  const ownOptions: WarmUpOptions = {
    ...options,
    tasks() {
      hasOwnTasks = true
      return options.tasks()
    },
  }

  async function runAt(at: Date): Promise<ScheduledRun> {
    try {
      const report = await runWarmUp(at.getTime(), schedule.nextAfter(at.getTime()), ownOptions)
      return { at, outcome: 'done', report }
    } catch (error) {
      return { at, outcome: 'failed', error }
    }
  }

  /** Calls the listener. Its exceptions are ignored: they must not stop the schedule. */
  function reportRun(run: ScheduledRun): void {
    try {
      onRun?.(run)
    } catch {}
  }

  return {
    startRun(time: number): void {
      const at = new Date(time)
      if (currentRun !== undefined) {
        reportRun({ at, outcome: 'skipped' })
        return
      }
      currentRun = runAt(at).then((run) => {
        currentRun = undefined
        hasOwnTasks = false
        reportRun(run)
      })
    },
    get currentRun(): Promise<void> | undefined {
      return currentRun
    },
    /** The current run if this process runs its tasks; undefined if it waits for another process to run them. */
    get runWithOwnTasks(): Promise<void> | undefined {
      return hasOwnTasks ? currentRun : undefined
    },
  }
}

export type ScheduledRuns = ReturnType<typeof createScheduledRuns>

import type { WarmReport } from '@larder/core'
import type { Schedule } from './cron'
import { type FleetRun, runAt } from './fleet-run'

/** What became of one scheduled time. */
export type ScheduledRun =
  | { readonly at: Date; readonly outcome: 'done'; readonly report: WarmReport }
  /** The run before was still going. */
  | { readonly at: Date; readonly outcome: 'skipped' }
  /** No tasks could be had. */
  | { readonly at: Date; readonly outcome: 'failed'; readonly error: unknown }

/** The runs of a schedule in this process: one at a time. */
export function createRuns(schedule: Schedule, run: FleetRun, onRun?: (run: ScheduledRun) => void) {
  let current: Promise<void> | undefined
  let isTakingPart = false

  const own: FleetRun = {
    ...run,
    tasks() {
      isTakingPart = true
      return run.tasks()
    },
  }

  async function outcomeAt(at: Date): Promise<ScheduledRun> {
    try {
      const report = await runAt(at.getTime(), schedule.next(at.getTime()), own)
      return { at, outcome: 'done', report }
    } catch (error) {
      return { at, outcome: 'failed', error }
    }
  }

  /** A listener that fails is its own problem: warming goes on. */
  function tell(outcome: ScheduledRun): void {
    try {
      onRun?.(outcome)
    } catch {}
  }

  return {
    start(time: number): void {
      const at = new Date(time)
      if (current !== undefined) {
        tell({ at, outcome: 'skipped' })
        return
      }
      current = outcomeAt(at).then((outcome) => {
        current = undefined
        isTakingPart = false
        tell(outcome)
      })
    },
    /** The run under way. */
    get current(): Promise<void> | undefined {
      return current
    },
    /** The run under way if this process has tasks of its own in it; it may be waiting for another process's. */
    get own(): Promise<void> | undefined {
      return isTakingPart ? current : undefined
    },
  }
}

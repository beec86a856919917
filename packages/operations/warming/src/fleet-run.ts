import type { Cache, WarmOptions, WarmReport, WarmTask } from '@larder/core'

/** The tasks of one run, made where and when it takes place. */
export type ScheduledTasks = () => Iterable<WarmTask> | AsyncIterable<WarmTask>

/** How one run takes place. */
export interface FleetRun extends Pick<WarmOptions, 'concurrency' | 'onProgress'> {
  readonly cache: Pick<Cache, 'warm'>
  readonly tasks: ScheduledTasks
  readonly name: string
  readonly runOn?: 'one-process' | 'every-process' | undefined
  readonly signal: AbortSignal
}

/** So often a run is taken over from processes that were stopped in the middle of it. */
const attempts = 5
/** A report is kept for this long at least, in ms: clocks of processes disagree. */
const shortestKeep = 60_000

/**
 * One run for one scheduled time. The time is part of its name, so that processes whose clocks are late ask for the same
 * run, and a run that takes long does not stand for the next one. A report is kept for twice the time until that.
 */
export async function runAt(time: number, next: number | undefined, run: FleetRun): Promise<WarmReport> {
  const { cache, tasks, name, runOn = 'one-process', concurrency, onProgress, signal } = run
  // Only who runs the tasks makes them.
  async function* made(): AsyncGenerator<WarmTask> {
    yield* tasks()
  }
  const options = { concurrency, onProgress, signal }
  if (runOn === 'every-process') return cache.warm(made(), options)
  const every = Math.max(shortestKeep, 2 * ((next ?? time) - time))
  for (let attempt = 1; ; attempt += 1) {
    const once = { name: `${name} ${new Date(time).toISOString()} ${attempt}`, every }
    const report = await cache.warm(made(), { ...options, once })
    const isHandedOver = report.wasStopped && !signal.aborted && attempt < attempts
    if (!isHandedOver) return report
  }
}

import type { Cache, WarmOptions, WarmReport, WarmTask } from '@larder/core'

/** Returns the tasks of one run. Called when the run starts, in the process that runs them. */
export type ScheduledTasks = () => Iterable<WarmTask> | AsyncIterable<WarmTask>

export interface WarmUpOptions extends Pick<WarmOptions, 'concurrency' | 'onProgress'> {
  readonly cache: Pick<Cache, 'warm'>
  readonly tasks: ScheduledTasks
  readonly name: string
  readonly runOn?: 'one-process' | 'every-process' | undefined
  readonly signal: AbortSignal
}

/** How often a run is taken over from a process that was stopped before its end. */
const maxAttempts = 5
/** Minimum time for which a report is kept, in ms: the clocks of processes differ. */
const minReportRetention = 60_000

/**
 * Runs the warm-up of one scheduled time. The time is part of the run's name, so that processes with late clocks join the
 * same run, and a long run is not mistaken for the next one. A report is kept for twice the time until the `next` run.
 */
export async function runWarmUp(
  time: number,
  next: number | undefined,
  options: WarmUpOptions,
): Promise<WarmReport> {
  const { cache, tasks, name, runOn = 'one-process', concurrency, onProgress, signal } = options
  // A generator, so that only the process that runs the tasks creates them.
  async function* createTasks(): AsyncGenerator<WarmTask> {
    yield* tasks()
  }
  const warmOptions = { concurrency, onProgress, signal }
  if (runOn === 'every-process') return cache.warm(createTasks(), warmOptions)
  const every = Math.max(minReportRetention, 2 * ((next ?? time) - time))
  for (let attempt = 1; ; attempt += 1) {
    const once = { name: `${name} ${new Date(time).toISOString()} ${attempt}`, every }
    const report = await cache.warm(createTasks(), { ...warmOptions, once })
    const isTakenOver = report.wasStopped && !signal.aborted && attempt < maxAttempts
    if (!isTakenOver) return report
  }
}

import type { Cache, WarmProgress, WarmReport, WarmTask } from '@larder/core'
import { createJobRunner, type Run, type Work } from './job-runner'
import type { AdminOptions, WarmableFunction } from './options'

export type WarmUp = Run<WarmReport>

/** Runs the warm-ups of the application by name, and warm-ups of its functions. Each runs once at a time. */
export interface WarmUpRunner {
  readonly names: readonly string[]
  /** The latest run of each warm-up that was started. That of a function is named `product()`. */
  latestRuns(): readonly WarmUp[]
  /** Starts one of `names`, and returns the run that is started, or the one that is running. */
  start(name: string): WarmUp
  isFunctionRunning(name: string): boolean
  /** Calls the function with each list of arguments, unless a warm-up of this function is running. */
  startFunction(name: string, fn: WarmableFunction, calls: readonly (readonly unknown[])[]): WarmUp
}

/** A warm-up that fails, because its list of tasks does, is reported and ends in its report like any other. */
export function createWarmUpRunner(
  cache: Cache,
  warmUps: NonNullable<AdminOptions['warmUps']>,
  reportError: (error: unknown) => void,
): WarmUpRunner {
  const jobs = createJobRunner<WarmReport>(reportError)
  const runNameOf = (functionName: string) => `${functionName}()`

  function warm(listTasks: () => Iterable<WarmTask> | AsyncIterable<WarmTask>): Work<WarmReport> {
    return async (onProgress) => {
      const startedAt = performance.now()
      let latest: WarmProgress | undefined
      try {
        return await cache.warm(listTasks(), {
          onProgress(progress) {
            latest = progress
            onProgress(progress)
          },
        })
      } catch (error) {
        reportError(error)
        const { done = 0, failed = 0 } = latest ?? {}
        const duration = performance.now() - startedAt
        return { done, failed, failures: [describeFailure(error)], duration, wasStopped: true }
      }
    }
  }

  return {
    names: Object.keys(warmUps),
    latestRuns: jobs.latestRuns,
    start: (name) =>
      jobs.start(
        name,
        warm(() => warmUps[name]?.() ?? []),
      ),
    isFunctionRunning: (name) => jobs.isRunning(runNameOf(name)),
    startFunction: (name, fn, calls) =>
      jobs.start(
        runNameOf(name),
        warm(() => calls.map((args) => () => fn(...(args as never[])))),
      ),
  }
}

/** The list of tasks failed, so that an unknown number of them did not run. */
function describeFailure(error: unknown): string {
  return `The list of tasks failed: ${error instanceof Error ? error.message : 'an unknown error'}`
}

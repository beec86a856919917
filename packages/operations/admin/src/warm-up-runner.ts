import type { Cache, WarmProgress, WarmReport } from '@larder/core'
import type { AdminOptions } from './options'

/** A run of a warm-up. It is running until it has a report. */
export interface WarmUp {
  readonly name: string
  readonly startedAt: Date
  readonly progress: WarmProgress | undefined
  readonly report: WarmReport | undefined
}

/** Runs the warm-ups of the application by name; a warm-up that is running is not started a second time. */
export interface WarmUpRunner {
  readonly names: readonly string[]
  /** The latest run of each warm-up that was started. */
  latestRuns(): readonly WarmUp[]
  /** Starts one of `names`, and returns the run that is started, or the one that is running. */
  start(name: string): WarmUp
}

/** A warm-up that fails, because its list of tasks does, is reported and ends in its report like any other. */
export function createWarmUpRunner(
  cache: Cache,
  warmUps: NonNullable<AdminOptions['warmUps']>,
  reportError: (error: unknown) => void,
): WarmUpRunner {
  const runs = new Map<string, WarmUp>()

  function update(name: string, changes: Partial<WarmUp>): void {
    const run = runs.get(name)
    if (run !== undefined) runs.set(name, { ...run, ...changes })
  }

  async function runWarmUp(name: string): Promise<void> {
    const startedAt = performance.now()
    try {
      const tasks = warmUps[name]?.() ?? []
      const report = await cache.warm(tasks, { onProgress: (progress) => update(name, { progress }) })
      update(name, { report })
    } catch (error) {
      reportError(error)
      const { done = 0, failed = 0 } = runs.get(name)?.progress ?? {}
      const duration = performance.now() - startedAt
      update(name, {
        report: { done, failed, failures: [describeFailure(error)], duration, wasStopped: true },
      })
    }
  }

  return {
    names: Object.keys(warmUps),
    latestRuns: () => [...runs.values()],
    start(name) {
      const current = runs.get(name)
      if (current !== undefined && current.report === undefined) return current
      const run: WarmUp = { name, startedAt: new Date(), progress: undefined, report: undefined }
      runs.set(name, run)
      void runWarmUp(name)
      return run
    },
  }
}

/** The list of tasks failed, so that an unknown number of them did not run. */
function describeFailure(error: unknown): string {
  return `The list of tasks failed: ${error instanceof Error ? error.message : 'an unknown error'}`
}

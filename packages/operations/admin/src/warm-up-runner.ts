import type { Cache, WarmProgress, WarmReport } from '@larder/core'
import type { AdminOptions } from './options'

/** A run of a warm-up. It is running until it has a report. */
interface WarmUp {
  readonly name: string
  readonly startedAt: Date
  progress: WarmProgress | undefined
  report: WarmReport | undefined
}

/** Runs the warm-ups of the application by name; a warm-up that is running is not started a second time. */
export interface WarmUpRunner {
  readonly names: readonly string[]
  /** The latest run of each warm-up that was started. */
  latestRuns(): WarmUp[]
  /** The run that is started, or the one that is running; undefined for an unknown name. */
  start(name: string): WarmUp | undefined
}

export function createWarmUpRunner(cache: Cache, offered: AdminOptions['warmUps'] = {}): WarmUpRunner {
  const runs = new Map<string, WarmUp>()
  return {
    names: Object.keys(offered),
    latestRuns: () => [...runs.values()],
    start(name) {
      // An own property: `constructor` is not the name of a warm-up.
      const createTasks = Object.hasOwn(offered, name) ? offered[name] : undefined
      if (createTasks === undefined) return undefined
      const current = runs.get(name)
      if (current !== undefined && current.report === undefined) return current
      const warmUp: WarmUp = { name, startedAt: new Date(), progress: undefined, report: undefined }
      runs.set(name, warmUp)
      void cache
        .warm(createTasks(), {
          onProgress(progress) {
            warmUp.progress = progress
          },
        })
        .then((report) => {
          warmUp.report = report
        })
      return warmUp
    },
  }
}

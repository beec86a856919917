import type { WarmProgress } from '@larder/core'

/** A run of a job. It is running until it has a report or a failure. */
export interface Run<Report> {
  readonly name: string
  readonly startedAt: Date
  readonly progress: WarmProgress | undefined
  readonly report: Report | undefined
  /** Why it ended without a report. */
  readonly failure: string | undefined
}

/** The work of a job. Rejects if it fails as a whole. */
export type Work<Report> = (onProgress: (progress: WarmProgress) => void) => Promise<Report>

/** Runs jobs in the background, and remembers the latest run of each name. */
export interface JobRunner<Report> {
  latestRuns(): readonly Run<Report>[]
  isRunning(name: string): boolean
  /** Starts the job unless it is running, and returns the run that is started, or the one that is running. */
  start(name: string, work: Work<Report>): Run<Report>
}

/** A failure of a job is reported, and ends its run. */
export function createJobRunner<Report>(reportError: (error: unknown) => void): JobRunner<Report> {
  const runs = new Map<string, Run<Report>>()

  function update(name: string, changes: Partial<Run<Report>>): void {
    const run = runs.get(name)
    if (run !== undefined) runs.set(name, { ...run, ...changes })
  }

  async function runJob(name: string, work: Work<Report>): Promise<void> {
    try {
      update(name, { report: await work((progress) => update(name, { progress })) })
    } catch (error) {
      reportError(error)
      update(name, { failure: error instanceof Error ? error.message : 'an unknown error' })
    }
  }

  function findRunning(name: string): Run<Report> | undefined {
    const run = runs.get(name)
    return run?.report === undefined && run?.failure === undefined ? run : undefined
  }

  return {
    latestRuns: () => [...runs.values()],
    isRunning: (name) => findRunning(name) !== undefined,
    start(name, work) {
      const running = findRunning(name)
      if (running !== undefined) return running
      const run = { name, startedAt: new Date(), progress: undefined, report: undefined, failure: undefined }
      runs.set(name, run)
      void runJob(name, work)
      return run
    },
  }
}

import { askAdmin } from './admin-client'
import type { CommandContext } from './command'
import { CommandError } from './errors'

/** A run of a job in a process, as the admin API describes it. */
interface Run<Report> {
  readonly name: string
  readonly startedAt: string
  readonly report?: Report
  /** Why it ended without a report. */
  readonly failure?: string
}

/** A job of the admin API. */
interface AdminJob {
  /** The resource that starts it, and tells of its runs. */
  readonly path: string
  /** The field with the runs, or with the only one. */
  readonly runs: string
  readonly body: object
}

type RunsAnswer<Report> = Readonly<Record<string, Run<Report> | readonly Run<Report>[] | undefined>>

/** Between two questions for the report, in ms. */
const pause = 500
/** Answers of processes that do not have the run: a load balancer sends requests to any of them. */
const maxForeignAnswers = 40

/**
 * Starts a job in a running process, and waits for its report.
 * @throws CommandError if it is refused, if it fails, or if only other processes answer.
 */
export async function runAdminJob<Report>(context: CommandContext, job: AdminJob): Promise<Report> {
  const { path, runs, body } = job
  const { name, startedAt } = await askAdmin<Run<Report>>(context, { path, body, field: 'startedAt' })
  for (let foreignAnswers = 0; foreignAnswers < maxForeignAnswers; ) {
    await new Promise<void>((resolve) => void context.clock.timeout(pause, resolve))
    const answer = await askAdmin<RunsAnswer<Report>>(context, { path })
    const latest = [answer[runs] ?? []].flat() as readonly Run<Report>[]
    const run = latest.find((other) => other.name === name && other.startedAt === startedAt)
    if (run?.failure !== undefined) throw new CommandError(`${name} failed: ${run.failure}`)
    if (run?.report !== undefined) return run.report
    if (run === undefined) foreignAnswers += 1
  }
  throw new CommandError(
    `${name} was started, and only other processes answer. Write: --admin with the address of one process`,
  )
}

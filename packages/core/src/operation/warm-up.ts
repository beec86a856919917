import { badArgument } from '../arguments/check-arguments'
import { describeValue } from '../arguments/describe-value'
import type { Clock } from '../contracts/clock'
import type { WarmOptions, WarmReport, WarmTask } from '../contracts/operation'
import { errorMessageOf } from '../telemetry/error-message'

/** Failures whose messages are kept in the report. */
const maxFailures = 10

/** Workers for tasks of a generator, at most: nobody knows how many there will be. */
const maxWorkers = 10_000

/** @throws LarderError `BAD_ARGUMENT` for anything but a function. */
export function requireTask(task: unknown): void {
  if (typeof task === 'function') return
  throw badArgument(
    `warm takes a list or a generator of functions; got ${describeValue(task)} in it.`,
    'cache.warm(ids.map((id) => () => loadUser(id)))',
  )
}

/** Runs tasks with limited concurrency. Failures of tasks are reported, not thrown. */
export async function runWarmUp(
  tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>,
  { concurrency = 4, signal, onProgress }: WarmOptions,
  clock: Clock,
): Promise<WarmReport> {
  const startedAt = clock.monotonic()
  const total = Array.isArray(tasks) ? tasks.length : undefined
  const failures: string[] = []
  let done = 0
  let failed = 0
  const elapsedMs = () => clock.monotonic() - startedAt
  const queue = iteratorOf(tasks)

  async function runWorker(): Promise<void> {
    while (!signal?.aborted) {
      const { value: task, done: isOver } = await queue.next()
      if (isOver) return
      try {
        requireTask(task)
        await task()
        done += 1
      } catch (error) {
        failed += 1
        if (failures.length < maxFailures) failures.push(errorMessageOf(error))
      }
      onProgress?.({ done, failed, total, elapsed: elapsedMs() })
    }
  }

  const workers = Math.min(concurrency, total ?? maxWorkers)
  await Promise.all(Array.from({ length: workers }, runWorker))
  return { done, failed, failures, duration: elapsedMs(), wasStopped: signal?.aborted ?? false }
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): Pick<AsyncIterator<T> | Iterator<T>, 'next'> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
}

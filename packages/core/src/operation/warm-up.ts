import type { Clock } from '../contracts/clock'
import type { WarmOptions, WarmReport, WarmTask } from '../contracts/operation'
import { LarderError } from '../errors'
import { errorMessageOf } from '../telemetry/error-message'

const failuresKept = 10

/**
 * Runs tasks, some at a time, and takes none of their failures personally.
 * @throws LarderError `BAD_OPTION` for a concurrency that is no whole number above 0.
 */
export async function runWarmUp(
  tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>,
  { concurrency = 4, signal, onProgress }: WarmOptions,
  clock: Clock,
): Promise<WarmReport> {
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new LarderError('BAD_OPTION', `concurrency: ${concurrency} is no whole number above 0.`)
  const startedAt = clock.monotonic()
  const total = Array.isArray(tasks) ? tasks.length : undefined
  const failures: string[] = []
  let done = 0
  let failed = 0
  const elapsed = () => clock.monotonic() - startedAt
  const waiting = iteratorOf(tasks)

  async function work(): Promise<void> {
    while (!signal?.aborted) {
      const { value: task, done: isOver } = await waiting.next()
      if (isOver) return
      try {
        await task()
        done += 1
      } catch (error) {
        failed += 1
        if (failures.length < failuresKept) failures.push(errorMessageOf(error))
      }
      onProgress?.({ done, failed, total, elapsed: elapsed() })
    }
  }

  await Promise.all(Array.from({ length: concurrency }, work))
  return { done, failed, failures, duration: elapsed(), wasStopped: signal?.aborted ?? false }
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): Pick<AsyncIterator<T> | Iterator<T>, 'next'> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
}

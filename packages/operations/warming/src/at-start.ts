import {
  type Cache,
  type Clock,
  type Duration,
  systemClock,
  toMs,
  type WarmOptions,
  type WarmProgress,
  type WarmReport,
  type WarmTask,
} from '@larder/core'
import { longestTimer } from './period'
import { unwatched, type Warming } from './warming'

/** Options of {@link warmAtStart}. */
export interface WarmAtStartOptions extends WarmOptions {
  /** How long the start may wait. @defaultValue Infinity */
  readonly deadline?: Duration | undefined
  /** For tests. @defaultValue the machine's */
  readonly clock?: Clock | undefined
}

/** How far the cache is warm when the process may start to serve. */
export type StartReport =
  | { readonly outcome: 'warm'; readonly report: WarmReport }
  | {
      /** The deadline has passed. */
      readonly outcome: 'late'
      readonly progress: WarmProgress
      /** What goes on in the background. */
      readonly rest: Warming<WarmReport>
    }

/**
 * Warms before the process listens: resolves when all tasks have run, or at the deadline.
 * @throws what taking a task throws, before the deadline; LarderError `BAD_DURATION`, `BAD_OPTION`.
 */
export async function warmAtStart(
  cache: Pick<Cache, 'warm'>,
  tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>,
  { deadline = Number.POSITIVE_INFINITY, clock = systemClock, ...options }: WarmAtStartOptions = {},
): Promise<StartReport> {
  const limit = toMs(deadline, 'deadline')
  const startedAt = clock.monotonic()
  const controller = new AbortController()
  const signal = AbortSignal.any([
    controller.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ])
  let progress: WarmProgress = {
    done: 0,
    failed: 0,
    total: Array.isArray(tasks) ? tasks.length : undefined,
    elapsed: 0,
  }
  const onProgress = (step: WarmProgress) => {
    progress = step
    options.onProgress?.(step)
  }
  const done = unwatched(cache.warm(tasks, { ...options, signal, onProgress }))
  const report = await orAfter(clock, limit, done)
  if (report !== undefined) return { outcome: 'warm', report }
  const elapsed = clock.monotonic() - startedAt
  return {
    outcome: 'late',
    progress: { ...progress, elapsed },
    rest: { stop: () => controller.abort(), done },
  }
}

/** Undefined if time runs out first. */
function orAfter<T>(clock: Clock, limit: number, promise: Promise<T>): Promise<T | undefined> {
  if (limit > longestTimer) return promise
  return new Promise((resolve, reject) => {
    const cancel = clock.timeout(limit, () => resolve(undefined))
    promise.then(resolve, reject).finally(cancel)
  })
}

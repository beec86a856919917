import {
  anyKind,
  type Cache,
  type Clock,
  checkOptions,
  type Duration,
  durationKind,
  type OptionTable,
  systemClock,
  toMs,
  type WarmOptions,
  type WarmProgress,
  type WarmReport,
  type WarmTask,
} from '@larder/core'
import { checkCache } from './check-cache'
import { maxTimerDelay } from './period'
import { markHandled, type Warming } from './warming'

/** Options of {@link warmAtStart}. */
export interface WarmAtStartOptions extends WarmOptions {
  /** Maximum time that the start waits. @defaultValue Infinity */
  readonly deadline?: Duration | undefined
  /** For tests. @defaultValue systemClock */
  readonly clock?: Clock | undefined
}

const optionTable: OptionTable<WarmAtStartOptions> = {
  deadline: durationKind,
  clock: anyKind,
  // Checked by `warm` of the cache.
  concurrency: anyKind,
  signal: anyKind,
  onProgress: anyKind,
  once: anyKind,
}

/** The state of the warm-up when the process may start to serve. */
export type StartReport =
  | { readonly outcome: 'warm'; readonly report: WarmReport }
  | {
      /** The deadline passed before the end of the warm-up. */
      readonly outcome: 'late'
      readonly progress: WarmProgress
      /** The warm-up, which continues in the background. */
      readonly rest: Warming<WarmReport>
    }

/**
 * Warms the cache before the process listens: resolves when all tasks have run, or at the deadline. The warm-up continues
 * in the background after that. Rejects with an error of the `tasks` iterator before the deadline.
 *
 * @example
 * ```ts
 * await warmAtStart(cache, ids.map((id) => () => product.refresh(id)), { deadline: '20s' })
 * server.listen(8080)
 * ```
 * @throws LarderError `BAD_DURATION`, `BAD_OPTION`.
 */
export async function warmAtStart(
  cache: Pick<Cache, 'warm'>,
  tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>,
  options: WarmAtStartOptions = {},
): Promise<StartReport> {
  checkCache('warmAtStart', cache, 'warm')
  checkOptions('warmAtStart', options, optionTable)
  const { deadline = Number.POSITIVE_INFINITY, clock = systemClock, ...warmOptions } = options
  const timeout = toMs(deadline, 'deadline')
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
  const onProgress = (latest: WarmProgress) => {
    progress = latest
    options.onProgress?.(latest)
  }
  const done = markHandled(cache.warm(tasks, { ...warmOptions, signal, onProgress }))
  const report = await withTimeout(clock, timeout, done)
  if (report !== undefined) return { outcome: 'warm', report }
  const elapsed = clock.monotonic() - startedAt
  return {
    outcome: 'late',
    progress: { ...progress, elapsed },
    rest: { stop: () => controller.abort(), done },
  }
}

/** Settles like the promise, or resolves to undefined after `timeout` ms. */
function withTimeout<T>(clock: Clock, timeout: number, promise: Promise<T>): Promise<T | undefined> {
  if (timeout > maxTimerDelay) return promise
  return new Promise((resolve, reject) => {
    const cancelTimer = clock.timeout(timeout, () => resolve(undefined))
    promise.then(resolve, reject).finally(cancelTimer)
  })
}

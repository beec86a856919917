import {
  anyKind,
  type Cache,
  type Clock,
  checkOptions,
  type Duration,
  functionKind,
  kindOf,
  type OptionTable,
  systemClock,
  type WarmProgress,
  type WarmReport,
  type WarmTask,
} from '@larder/core'
import { checkCache } from './check-cache'
import { createEventLoopMeter } from './event-loop-meter'
import { toPeriod } from './period'
import { sleepFor } from './sleep'
import { markHandled, type Warming } from './warming'

/** Options of {@link warmWhenIdle}. */
export interface WarmWhenIdleOptions {
  /** Tasks run while the utilization of the event loop is below this share, above 0 and up to 1. @defaultValue 0.5 */
  readonly maxUtilization?: number | undefined
  /** The period over which each utilization is measured. @defaultValue '1s' */
  readonly checkEvery?: Duration | undefined
  /** Returns the utilization of the event loop since its last call, from 0 to 1. @defaultValue that of `node:perf_hooks` */
  readonly utilization?: (() => number) | undefined
  /** Called after each task. */
  readonly onProgress?: ((progress: WarmProgress) => void) | undefined
  /** For tests. @defaultValue systemClock */
  readonly clock?: Clock | undefined
}

const optionTable: OptionTable<WarmWhenIdleOptions> = {
  maxUtilization: kindOf(
    'a number above 0 and up to 1, such as 0.5',
    (value) => typeof value === 'number' && value > 0 && value <= 1,
  ),
  // Checked where it is converted.
  checkEvery: anyKind,
  utilization: functionKind('() => 0.5'),
  onProgress: functionKind('({ done }) => console.log(done)'),
  clock: anyKind,
}

/**
 * Warms the cache one task at a time, and only while this process is idle. The utilization includes the tasks themselves.
 * Waiting does not keep the process alive.
 *
 * @example
 * ```ts
 * const { done } = warmWhenIdle(cache, ids.map((id) => () => product(id)))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an invalid option.
 */
export function warmWhenIdle(
  cache: Pick<Cache, 'warm'>,
  tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>,
  options: WarmWhenIdleOptions = {},
): Warming<WarmReport> {
  checkCache('warmWhenIdle', cache, 'warm')
  checkOptions('warmWhenIdle', options, optionTable)
  const controller = new AbortController()
  const { signal } = controller
  const untilIdle = createIdleGate(options, signal)
  const total = Array.isArray(tasks) ? tasks.length : undefined

  async function* takeWhenIdle(): AsyncGenerator<WarmTask> {
    for await (const task of tasks) {
      if (!(await untilIdle())) return
      yield task
    }
  }

  const onProgress = (progress: WarmProgress) => options.onProgress?.({ ...progress, total })
  const done = markHandled(cache.warm(takeWhenIdle(), { concurrency: 1, signal, onProgress }))
  return { stop: () => controller.abort(), done }
}

/** Returns a function that resolves to true once the latest measurement is idle, and to false after an abort. */
function createIdleGate(options: WarmWhenIdleOptions, signal: AbortSignal): () => Promise<boolean> {
  const { maxUtilization = 0.5, clock = systemClock, utilization = createEventLoopMeter() } = options
  const period = toPeriod(options.checkEvery ?? '1s', 'checkEvery')
  utilization()
  let measuredAt = clock.monotonic()
  let wasIdle = false

  function measureUtilization(): void {
    measuredAt = clock.monotonic()
    wasIdle = utilization() < maxUtilization
  }

  return async () => {
    while (!signal.aborted) {
      const remaining = measuredAt + period - clock.monotonic()
      if (remaining <= 0) measureUtilization()
      if (wasIdle) return true
      if (remaining > 0) await sleepFor(clock, remaining, signal)
    }
    return false
  }
}

import {
  type Cache,
  type Clock,
  type Duration,
  LarderError,
  systemClock,
  type WarmProgress,
  type WarmReport,
  type WarmTask,
} from '@larder/core'
import { eventLoopMeter } from './event-loop'
import { pause, periodOf } from './period'
import { unwatched, type Warming } from './warming'

/** Options of {@link warmWhenIdle}. */
export interface WarmWhenIdleOptions {
  /** Tasks are taken while the event loop is busy for less than this share of its time, above 0 and up to 1. @defaultValue 0.5 */
  readonly maxUtilization?: number | undefined
  /** How long each look at the event loop takes. @defaultValue '1s' */
  readonly checkEvery?: Duration | undefined
  /** How busy the event loop was since the last call, from 0 to 1. @defaultValue that of `node:perf_hooks` */
  readonly utilization?: (() => number) | undefined
  /** Called after each task. */
  readonly onProgress?: ((progress: WarmProgress) => void) | undefined
  /** For tests. @defaultValue the machine's */
  readonly clock?: Clock | undefined
}

/**
 * Warms one task at a time, and only while this process has little else to do. What the tasks themselves take of the
 * event loop counts, too. It keeps no process alive.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for what cannot be meant.
 */
export function warmWhenIdle(
  cache: Pick<Cache, 'warm'>,
  tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>,
  options: WarmWhenIdleOptions = {},
): Warming<WarmReport> {
  const controller = new AbortController()
  const { signal } = controller
  const isIdle = idleness(options, signal)
  const total = Array.isArray(tasks) ? tasks.length : undefined

  async function* whileIdle(): AsyncGenerator<WarmTask> {
    for await (const task of tasks) {
      if (!(await isIdle())) return
      yield task
    }
  }

  const onProgress = (progress: WarmProgress) => options.onProgress?.({ ...progress, total })
  const done = unwatched(cache.warm(whileIdle(), { concurrency: 1, signal, onProgress }))
  return { stop: () => controller.abort(), done }
}

/** Resolves to true once the latest look has found the event loop idle, and to false after an abort. */
function idleness(options: WarmWhenIdleOptions, signal: AbortSignal): () => Promise<boolean> {
  const { maxUtilization = 0.5, clock = systemClock, utilization = eventLoopMeter() } = options
  const period = periodOf(options.checkEvery ?? '1s', 'checkEvery')
  checkShare(maxUtilization)
  utilization()
  let lookedAt = clock.monotonic()
  let wasIdle = false

  function look(): void {
    lookedAt = clock.monotonic()
    wasIdle = utilization() < maxUtilization
  }

  return async () => {
    while (!signal.aborted) {
      const left = lookedAt + period - clock.monotonic()
      if (left <= 0) look()
      if (wasIdle) return true
      if (left > 0) await pause(clock, left, signal)
    }
    return false
  }
}

function checkShare(maxUtilization: number): void {
  if (maxUtilization > 0 && maxUtilization <= 1) return
  throw new LarderError(
    'BAD_OPTION',
    `maxUtilization: ${maxUtilization} is no share. Write a number above 0 and up to 1, such as 0.5.`,
  )
}

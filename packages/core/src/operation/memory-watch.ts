import { describeValue } from '../arguments/describe-value'
import type { Cache } from '../contracts/cache'
import { type Clock, systemClock } from '../contracts/clock'
import { type Duration, toMs } from '../entry/duration'
import { LarderError } from '../errors'

/** A change of memory usage across a threshold. */
export interface MemoryReport {
  readonly threshold: number
  readonly direction: 'above' | 'below'
  /** Used share of the maximum entries or bytes, whichever is larger: 0 to 1. */
  readonly share: number
  /** Entries evicted since the last check. Full memory without evictions does no harm. */
  readonly evictions: number
}

/** Options of {@link watchMemory}. */
export interface MemoryWatchOptions {
  /** Shares of the maximum, above 0 and up to 1. @defaultValue [0.8, 0.95] */
  readonly thresholds?: readonly number[] | undefined
  /** Time between two checks. @defaultValue '10s' */
  readonly every?: Duration | undefined
  /** Called once for each crossing of a threshold. */
  readonly onThreshold: (report: MemoryReport) => void
  /** For tests. @defaultValue the system clock */
  readonly clock?: Clock | undefined
}

/**
 * Reports when the memory usage of a cache crosses a threshold, once per crossing. Returns a function that stops watching.
 * A cache without a local tier never reports.
 *
 * @example
 * ```ts
 * watchMemory(cache, { onThreshold: ({ share, evictions }) => log.warn('cache memory', { share, evictions }) })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for invalid options.
 */
export function watchMemory(cache: Pick<Cache, 'stats'>, options: MemoryWatchOptions): () => void {
  const { thresholds = [0.8, 0.95], onThreshold, clock = systemClock } = options
  const every = toMs(options.every ?? '10s', 'every')
  const invalid = thresholds.find((threshold) => !(threshold > 0 && threshold <= 1))
  if (invalid !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      `thresholds must be shares above 0 and up to 1, such as 0.8; got ${describeValue(invalid)}.`,
    )
  const exceeded = new Set<number>()
  let lastEvictions = cache.stats().evictions
  let cancelCheck: () => void = () => undefined

  function checkUsage(): void {
    const { usage, evictions } = cache.stats()
    const share =
      usage === undefined ? 0 : Math.max(usage.bytes / usage.maxBytes, usage.entries / usage.maxEntries)
    for (const threshold of thresholds) {
      const isAbove = share >= threshold
      if (isAbove === exceeded.has(threshold)) continue
      if (isAbove) exceeded.add(threshold)
      else exceeded.delete(threshold)
      const direction = isAbove ? 'above' : 'below'
      onThreshold({ threshold, direction, share, evictions: evictions - lastEvictions })
    }
    lastEvictions = evictions
  }

  function scheduleCheck(): void {
    cancelCheck = clock.background(every, () => {
      checkUsage()
      scheduleCheck()
    })
  }

  checkUsage()
  scheduleCheck()
  return () => cancelCheck()
}

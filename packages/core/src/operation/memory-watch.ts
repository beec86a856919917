import type { Cache } from '../contracts/cache'
import { type Clock, systemClock } from '../contracts/clock'
import { type Duration, toMs } from '../entry/duration'
import { LarderError } from '../errors'

/** Memory has risen to a threshold, or fallen below it again. */
export interface MemoryReport {
  readonly threshold: number
  readonly direction: 'above' | 'below'
  /** Of the entries or bytes that may be kept, whichever is fuller: 0 to 1. */
  readonly share: number
  /** Entries removed to make room since the last look: a full memory without them is no harm. */
  readonly evictions: number
}

/** Options of {@link watchMemory}. */
export interface MemoryWatchOptions {
  /** Shares of what may be kept, above 0 and up to 1. @defaultValue [0.8, 0.95] */
  readonly thresholds?: readonly number[] | undefined
  /** How often to look. @defaultValue '10s' */
  readonly every?: Duration | undefined
  readonly onThreshold: (report: MemoryReport) => void
  /** For tests. @defaultValue the machine's */
  readonly clock?: Clock | undefined
}

/**
 * Tells when the memory of a cache fills up to a threshold, once for each time that it does. Returns an end to that. A
 * cache without a tier in this process never does.
 *
 * @example
 * ```ts
 * watchMemory(cache, { onThreshold: ({ share, evictions }) => log.warn('cache memory', { share, evictions }) })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for what cannot be meant.
 */
export function watchMemory(cache: Pick<Cache, 'stats'>, options: MemoryWatchOptions): () => void {
  const { thresholds = [0.8, 0.95], onThreshold, clock = systemClock } = options
  const every = toMs(options.every ?? '10s', 'every')
  const wrong = thresholds.find((threshold) => !(threshold > 0 && threshold <= 1))
  if (wrong !== undefined)
    throw new LarderError('BAD_OPTION', `thresholds: ${wrong} is no share above 0 and up to 1, such as 0.8.`)
  const exceeded = new Set<number>()
  let evicted = cache.stats().evictions
  let cancel: () => void = () => undefined

  function look(): void {
    const { usage, evictions } = cache.stats()
    const share =
      usage === undefined ? 0 : Math.max(usage.bytes / usage.maxBytes, usage.entries / usage.maxEntries)
    for (const threshold of thresholds) {
      const isAbove = share >= threshold
      if (isAbove === exceeded.has(threshold)) continue
      if (isAbove) exceeded.add(threshold)
      else exceeded.delete(threshold)
      onThreshold({
        threshold,
        direction: isAbove ? 'above' : 'below',
        share,
        evictions: evictions - evicted,
      })
    }
    evicted = evictions
  }

  function again(): void {
    cancel = clock.background(every, () => {
      look()
      again()
    })
  }

  look()
  again()
  return () => cancel()
}

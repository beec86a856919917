import { describeValue } from '../arguments/describe-value'
import type { Clock } from '../contracts/clock'
import { systemClock } from '../contracts/clock'
import { type Duration, toMs } from '../entry/duration'
import { LarderError } from '../errors'

/** Options of {@link createPopularity}. */
export interface PopularityOptions {
  /** Names tracked reliably; up to twice as many are held. @defaultValue 1_000 */
  readonly capacity?: number | undefined
  /** The age at which a use counts half. @defaultValue '10m' */
  readonly halfLife?: Duration | undefined
  /** For tests. @defaultValue the system clock */
  readonly clock?: Pick<Clock, 'monotonic'> | undefined
}

/** The most frequently used names, with recent uses counting more. */
export interface Popularity {
  /** Counts one use of the name. */
  add(name: string): void
  /** The `count` most used names, with their decayed uses. Estimates can be too low, never too high. */
  top(count: number): { readonly name: string; readonly uses: number }[]
}

/** Counts are rescaled before rounding loses whole uses. */
const largestWeight = 2 ** 40

/**
 * Counts uses with exponential decay, in bounded memory: once twice the capacity is held, the largest count beyond the
 * capacity is subtracted from all (Misra and Gries 1982, in batches as in Anderson et al. 2017). Instead of decreasing the
 * weight of old uses, new ones are given more weight.
 *
 * @example
 * ```ts
 * const popularity = createPopularity()
 * cache.on('hit', ({ key }) => popularity.add(key))
 * popularity.top(10)
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for invalid options.
 */
export function createPopularity(options: PopularityOptions = {}): Popularity {
  const { capacity = 1_000, clock = systemClock } = options
  const halfLife = toMs(options.halfLife ?? '10m', 'halfLife')
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new LarderError(
      'BAD_OPTION',
      `capacity must be a positive integer; got ${describeValue(capacity)}.`,
    )
  if (halfLife === 0)
    throw new LarderError('BAD_OPTION', "halfLife must be a duration above 0, such as '10m'; got 0.")
  let counts = new Map<string, number>()
  let decayStart = clock.monotonic()

  const currentWeight = () => 2 ** ((clock.monotonic() - decayStart) / halfLife)

  function mapCounts(nextCount: (count: number) => number): void {
    counts = new Map(
      [...counts].map(([name, count]) => [name, nextCount(count)] as const).filter(([, count]) => count > 0),
    )
  }

  function rescaleCounts(): void {
    const divisor = currentWeight()
    mapCounts((count) => count / divisor)
    decayStart = clock.monotonic()
  }

  function dropSmallest(): void {
    const excess = [...counts.values()].sort((a, b) => b - a)[capacity] ?? 0
    mapCounts((count) => count - excess)
  }

  return {
    add(name) {
      if (currentWeight() > largestWeight) rescaleCounts()
      counts.set(name, (counts.get(name) ?? 0) + currentWeight())
      if (counts.size > 2 * capacity) dropSmallest()
    },
    top(count) {
      if (currentWeight() > largestWeight) rescaleCounts()
      const weight = currentWeight()
      return [...counts]
        .sort(([, a], [, b]) => b - a)
        .slice(0, count)
        .map(([name, total]) => ({ name, uses: total / weight }))
    },
  }
}

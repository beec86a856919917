import type { Clock } from '../contracts/clock'
import { systemClock } from '../contracts/clock'
import { type Duration, toMs } from '../entry/duration'
import { LarderError } from '../errors'

/** Options of {@link createPopularity}. */
export interface PopularityOptions {
  /** Names whose counts are kept for certain; twice as many are held. @defaultValue 1_000 */
  readonly capacity?: number | undefined
  /** After how long a use counts half. @defaultValue '10m' */
  readonly halfLife?: Duration | undefined
  readonly clock?: Pick<Clock, 'monotonic'> | undefined
}

/** Who is used most, of late. */
export interface Popularity {
  add(name: string): void
  /** The names used most, with their uses as they count now; too low rather than too high. */
  top(count: number): { readonly name: string; readonly uses: number }[]
}

/** Counts are divided before they lose whole uses to rounding. */
const largestWeight = 2 ** 40

/**
 * Counts uses that fade, in bounded memory: once twice the capacity is held, the count of the first one beyond the
 * capacity is taken off all (Misra and Gries 1982, in batches as in Anderson et al. 2017). Instead of making old uses
 * lighter, new ones are made heavier.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for what cannot be meant.
 */
export function createPopularity(options: PopularityOptions = {}): Popularity {
  const { capacity = 1_000, clock = systemClock } = options
  const halfLife = toMs(options.halfLife ?? '10m', 'halfLife')
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new LarderError('BAD_OPTION', `capacity: ${capacity} is no whole number above 0.`)
  if (halfLife === 0) throw new LarderError('BAD_OPTION', "halfLife: 0 forgets everything. Write '10m'.")
  let counts = new Map<string, number>()
  let since = clock.monotonic()

  const weight = () => 2 ** ((clock.monotonic() - since) / halfLife)

  function keep(countOf: (count: number) => number): void {
    counts = new Map(
      [...counts].map(([name, count]) => [name, countOf(count)] as const).filter(([, count]) => count > 0),
    )
  }

  function renormalise(): void {
    const by = weight()
    keep((count) => count / by)
    since = clock.monotonic()
  }

  function shrink(): void {
    const beyond = [...counts.values()].sort((a, b) => b - a)[capacity] ?? 0
    keep((count) => count - beyond)
  }

  return {
    add(name) {
      if (weight() > largestWeight) renormalise()
      counts.set(name, (counts.get(name) ?? 0) + weight())
      if (counts.size > 2 * capacity) shrink()
    },
    top(count) {
      if (weight() > largestWeight) renormalise()
      const own = weight()
      return [...counts]
        .sort(([, a], [, b]) => b - a)
        .slice(0, count)
        .map(([name, total]) => ({ name, uses: total / own }))
    },
  }
}

/** A change that would improve the cache, with the measurement that shows it. */
export interface Advice {
  /** The defect, such as `longer-ttl`. */
  readonly id: string
  /** The function it is about, by its name in `stats().functions`; undefined for the cache as a whole. */
  readonly function?: string | undefined
  /** The option or the call to change. */
  readonly option: string
  readonly title: string
  /** The measurement, in numbers. */
  readonly evidence: string
  /** The change to make. */
  readonly advice: string
  /** Time that callers of the function waited for its misses within the window, in ms. */
  readonly cost?: number | undefined
}

/** A share means something only if it is one of at least this many events. */
export const minEvents = 20

export const formatPercent = (share: number) => `${Math.round(share * 100)} %`

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

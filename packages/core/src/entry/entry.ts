/** A cached value with everything needed to judge it. */
export interface Entry {
  readonly key: string
  /** What it holds: a value, or an error that the computation threw. */
  readonly kind: 'value' | 'error'
  readonly value: unknown
  /** Closure over the tag graph. The key's own tag is implied. */
  readonly tags: readonly string[]
  /** The log position that was applied when the computation started. */
  readonly asOf: number
  /** Milliseconds since the epoch on the log's clock, like all times here. */
  readonly createdAt: number
  readonly freshUntil: number
  /** Until when it may be served while a new value is computed. */
  readonly staleUntil: number
  /** Until when it may be served because computing a new value failed. */
  readonly errorUntil: number
  /** How long the computation took, in ms; what early expiry is drawn from. */
  readonly computeTime: number
}

/** Past its freshness an entry is `stale` (serve, and refresh), `fallback` (serve only on error), and then `dead`. */
export type Freshness = 'fresh' | 'stale' | 'fallback' | 'dead'

/** How the entry stands at `now` by time alone. */
export function freshnessAt(entry: Entry, now: number): Freshness {
  if (now < entry.freshUntil) return 'fresh'
  if (now < entry.staleUntil) return 'stale'
  return now < entry.errorUntil ? 'fallback' : 'dead'
}

/** How long past its freshness an entry may be served, in ms. Nothing is past endless freshness. */
export function windowsOf({ freshUntil, staleUntil, errorUntil }: Expiry): Windows {
  if (freshUntil === Number.POSITIVE_INFINITY) return { staleFor: 0, errorFor: 0 }
  return { staleFor: staleUntil - freshUntil, errorFor: errorUntil - freshUntil }
}

/** When an entry ends that is fresh until then: its windows keep their lengths. */
export function expiryFrom(freshUntil: number, { staleFor, errorFor }: Windows): Expiry {
  return { freshUntil, staleUntil: freshUntil + staleFor, errorUntil: freshUntil + errorFor }
}

type Expiry = Pick<Entry, 'freshUntil' | 'staleUntil' | 'errorUntil'>

interface Windows {
  readonly staleFor: number
  readonly errorFor: number
}

/** When the entry stops being of any use, in ms since the epoch. */
export function usefulUntil(entry: Entry): number {
  return Math.max(entry.freshUntil, entry.staleUntil, entry.errorUntil)
}

/** A cached value with all metadata that decides whether it may be served. */
export interface Entry {
  readonly key: string
  /** Whether `value` is a result or an error thrown by the computation. */
  readonly kind: 'value' | 'error'
  readonly value: unknown
  /** Tags including their ancestors in the tag graph. The tag of the entry's own key is implied. */
  readonly tags: readonly string[]
  /** The log position that was applied in this process when the computation started. */
  readonly asOf: number
  /** The term of the log that `asOf` belongs to; 0 for a log in this process. */
  readonly term: number
  /** Milliseconds since the epoch on the log's clock, like all times of an entry. */
  readonly createdAt: number
  readonly freshUntil: number
  /** Until when the entry may be served while a new value is computed (stale-while-revalidate). */
  readonly staleUntil: number
  /** Until when the entry may be served if computing a new value fails (stale-if-error). */
  readonly errorUntil: number
  /** Duration of the computation, in ms; an input of probabilistic early expiry. */
  readonly computeTime: number
}

/** After `fresh`, an entry is `stale` (serve and refresh), then `fallback` (serve on error only), then `dead`. */
export type Freshness = 'fresh' | 'stale' | 'fallback' | 'dead'

/** The state of the entry at `now` by its expiry times alone. */
export function freshnessAt(entry: Entry, now: number): Freshness {
  if (now < entry.freshUntil) return 'fresh'
  if (now < entry.staleUntil) return 'stale'
  return now < entry.errorUntil ? 'fallback' : 'dead'
}

/** How long after its expiry an entry may be served, in ms; 0 if it never expires. */
export function windowsOf({ freshUntil, staleUntil, errorUntil }: Expiry): Windows {
  if (freshUntil === Number.POSITIVE_INFINITY) return { staleFor: 0, errorFor: 0 }
  return { staleFor: staleUntil - freshUntil, errorFor: errorUntil - freshUntil }
}

/** The expiry times of an entry that is fresh until `freshUntil`, with windows of the same length. */
export function expiryFrom(freshUntil: number, { staleFor, errorFor }: Windows): Expiry {
  return { freshUntil, staleUntil: freshUntil + staleFor, errorUntil: freshUntil + errorFor }
}

type Expiry = Pick<Entry, 'freshUntil' | 'staleUntil' | 'errorUntil'>

interface Windows {
  readonly staleFor: number
  readonly errorFor: number
}

/** The latest time at which the entry may be served in any state, in ms since the epoch. */
export function usefulUntil(entry: Entry): number {
  return Math.max(entry.freshUntil, entry.staleUntil, entry.errorUntil)
}

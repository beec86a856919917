import type { Copier } from './copy'
import { longAgo, type Moment } from './moment'

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

/** The position in the order of invalidations at which a computation started. */
export interface Stamp {
  /** The log position applied in this process at the start; `-1` before the first sync. */
  readonly position: number
  /** The position stored in the entry: {@link Stamp.position}, or an earlier one if the source lags behind its writes. */
  readonly asOf: number
  /** The term of the log that the positions belong to; 0 for a log in this process. */
  readonly term: number
  /** Number of invalidations that this process had issued by the start. */
  readonly sequence: number
  readonly startedAt: Moment
}

/** Stands in for a stamp in entries from a shared tier: older than everything done in this process. */
export const sharedEntryOrigin = { sequence: 0, startedAt: longAgo } as const

/** An entry in the memory of this process. */
export interface LocalEntry extends Entry {
  /** Copies the value for a reader, so that changes to the copy do not affect other readers. */
  readonly copy: Copier
  /** {@link Stamp.sequence}. */
  readonly sequence: number
  /**
   * The entry reflects every invalidation acknowledged before this moment: {@link Stamp.startedAt}, or an earlier moment
   * if it was computed from cached values. `longAgo` if another process computed it.
   */
  readonly startedAt: Moment
  /**
   * The log's clock minus the monotonic clock, in ms, when the entry arrived in this process. Its life ends at whichever
   * is first, by the log's clock or by the monotonic one: a clock that is set back does not prolong it.
   */
  readonly clockOffset: number
  /** From this time on a read may start a refresh; never later than `freshUntil`. */
  readonly refreshAt: number
  /** The version of the tag table at which the entry was last found valid. While it is current, no check is needed. */
  checkedAt: number
}

/** The position in the order of invalidations that an entry reflects, and the term that the position belongs to. */
export type EntryPosition = Pick<Entry, 'asOf' | 'term'>

/** The position of an entry in the memory of this process, which has invalidations that are not in the log yet. */
export type LocalPosition = Pick<LocalEntry, 'asOf' | 'term' | 'sequence'>

/**
 * The older of two positions, by the log and by the invalidations of this process. Positions of different terms cannot be
 * compared: then, one that is older than both.
 */
export function olderOf(one: LocalPosition, other: LocalPosition | undefined): LocalPosition {
  if (other === undefined) return one
  const asOf = one.term === other.term ? Math.min(one.asOf, other.asOf) : 0
  return { asOf, term: one.term, sequence: Math.min(one.sequence, other.sequence) }
}

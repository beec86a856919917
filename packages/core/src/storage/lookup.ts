import type { MissReason } from '../contracts/events'
import type { LocalEntry } from '../entry/local-entry'

/** An entry, and the tier it was found in. */
export interface Found {
  readonly entry: LocalEntry
  readonly tier: string
  /** The encoded entry, if it comes from a shared tier. */
  readonly bytes?: Uint8Array | undefined
}

/** A tier's answer for one key: an entry, or the reason why it has none that can be used. */
export type TierAnswer = Found | MissReason

/** A tier's answer for one key as a read gets it, and the entry behind it, even if that is rejected. */
export interface TierInspection {
  readonly answer: TierAnswer
  readonly found: Found | undefined
}

/** The outcome that a read of one key would have, and the entry that explains it. */
export interface Inspection {
  readonly lookup: Lookup
  readonly found: Found | undefined
}

/** The entry may be served as it is. */
export interface Hit extends Pick<Found, 'entry' | 'tier'> {
  readonly outcome: 'hit'
  readonly reason?: undefined
}

/** The entry may be served while a new value is computed, or because computing it failed. */
export interface Stale extends Pick<Found, 'entry' | 'tier'> {
  readonly outcome: 'stale'
  /** Why it is not fresh. */
  readonly reason: MissReason
}

/** No entry may be served. */
export interface Miss {
  readonly outcome: 'miss'
  readonly reason: MissReason
  /** The entry to serve if the computation of a new value fails. */
  readonly fallback?: Stale | undefined
}

/** The outcome of looking for an entry. Events, metrics and explanations report the reason of a miss that it carries. */
export type Lookup = Hit | Stale | Miss

import type { MissReason, UnreadableReason } from '../contracts/events'
import type { LocalEntry } from '../entry/entry'
import type { Moment } from '../entry/moment'
import type { Validity } from './validity'

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
  /** Why its bytes cannot be used, if that is the answer. */
  readonly unreadable?: UnreadableReason
}

/** The outcome that a read of one key would have, and the entry that explains it. */
export interface Inspection {
  readonly lookup: Lookup
  readonly found: Found | undefined
  /** Why no tier's bytes can be used, if that is the reason of a miss. */
  readonly unreadable?: UnreadableReason | undefined
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

/** No tier has an entry. */
export const absentMiss: Miss = { outcome: 'miss', reason: 'absent' }
/** The caller rejects the cached entry: by `fresh`, or by `serveIf`. */
export const forcedMiss: Miss = { outcome: 'miss', reason: 'forced' }
/** The consistency that the caller asked for could not be established. */
export const unprovenMiss: Miss = { outcome: 'miss', reason: 'unproven' }

/** Whether the entry is a hit, stale or a miss, and why. Pass `now` when classifying many entries, to read the clock once. */
export function classifyEntry(validity: Validity, entry: LocalEntry, tier: string, now?: Moment): Lookup {
  const state = validity.stateOf(entry, now)
  if (state === 'fresh') return { outcome: 'hit', entry, tier }
  const reason = validity.reasonNotFresh(entry)
  if (state === 'stale') return { outcome: 'stale', entry, tier, reason }
  const fallback: Stale | undefined =
    state === 'fallback' ? { outcome: 'stale', entry, tier, reason } : undefined
  return { outcome: 'miss', reason, fallback }
}

/** The same for the answer of a tier. */
export function classifyAnswer(validity: Validity, answer: TierAnswer, now?: Moment): Lookup {
  return typeof answer === 'object'
    ? classifyEntry(validity, answer.entry, answer.tier, now)
    : { outcome: 'miss', reason: answer }
}

/**
 * The outcome of looking in this process and then in the shared tiers: the better of the two; of two alike, the one of this
 * process, with its reason.
 */
export function combineLookups(local: Lookup | undefined, shared: Lookup): Lookup {
  if (local === undefined || shared.outcome === 'hit') return shared
  return local.outcome === 'miss' && shared.outcome === 'stale' ? shared : local
}

/** The better of two answers: the newer entry, or else the first reason other than `absent`. */
export function betterAnswer(known: TierAnswer, answer: TierAnswer): TierAnswer {
  if (typeof answer === 'object') return typeof known === 'object' ? newerFound(known, answer) : answer
  return known === 'absent' ? answer : known
}

/** The entry with the later position; of two with the same, the one from the farther tier. */
function newerFound(known: Found, found: Found): Found {
  return known.entry.asOf <= found.entry.asOf ? found : known
}

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

/** The better of two answers: the newer entry, or else the first reason other than `absent`. */
export function betterAnswer(known: TierAnswer, answer: TierAnswer): TierAnswer {
  if (typeof answer === 'object') return typeof known === 'object' ? newerFound(known, answer) : answer
  return known === 'absent' ? answer : known
}

/** The entry with the later position; of two with the same, the one from the farther tier. */
export function newerFound(known: Found, found: Found): Found {
  return known.entry.asOf <= found.entry.asOf ? found : known
}

import type { Entry } from './entry'
import type { LocalEntry } from './local-entry'

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

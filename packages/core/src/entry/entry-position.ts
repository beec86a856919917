import type { Entry } from './entry'

/** The position in the order of invalidations that an entry reflects, and the term that the position belongs to. */
export type EntryPosition = Pick<Entry, 'asOf' | 'term'>

/** The older of two positions. Those of different terms cannot be compared: then, one that is older than both. */
export function olderOf(one: EntryPosition, other: EntryPosition | undefined): EntryPosition {
  if (other === undefined) return one
  if (one.term !== other.term) return { asOf: 0, term: one.term }
  return one.asOf <= other.asOf ? one : other
}

import type { Cursor, LogPage, Term } from '../contracts/log'

/** The place of a follower: in a history of a log. */
export interface FollowerPlace {
  /** {@link LogPage.log}. */
  readonly log: number
  readonly terms: readonly Term[]
  /** Everything up to here is applied. */
  readonly cursor: Cursor
  /** The highest position that is applied. */
  readonly highest: number
}

/** Whether a history contains the cursor. Its last term is open. */
export function containsCursor(terms: readonly Term[], { term, position }: Cursor): boolean {
  const index = terms.findIndex(({ id }) => id === term)
  return index >= 0 && position <= endOfTerm(terms, index, Number.POSITIVE_INFINITY)
}

/** Where the term ends in a history that has reached `last`. */
function endOfTerm(terms: readonly Term[], index: number, last: number): number {
  return Math.min(terms[index + 1]?.from ?? last, last)
}

/** The last point at which the follower's history and the log's were the same; undefined if the logs differ. */
export function lastCommonCursor(
  place: FollowerPlace,
  { log, position, history }: LogPage,
): Cursor | undefined {
  if (log !== place.log || history === undefined) return undefined
  for (let own = place.terms.length - 1; own >= 0; own -= 1) {
    const term = place.terms[own]?.id ?? 0
    const index = history.terms.findIndex(({ id }) => id === term)
    if (index < 0) continue
    const ends = [
      endOfTerm(place.terms, own, place.cursor.position),
      endOfTerm(history.terms, index, position),
    ]
    return { term, position: Math.min(...ends) }
  }
  return undefined
}

/** The ends of the follower's terms from `first` on: a process that has reissued all its records has completed these. */
export function endsOfTerms({ terms, cursor }: FollowerPlace, first: number): Cursor[] {
  return terms
    .map(({ id }, index): Cursor => ({ term: id, position: endOfTerm(terms, index, cursor.position) }))
    .filter((_, index) => index >= terms.findIndex(({ id }) => id === first))
}

/** Whether everything up to each of the lost cursors was reissued. */
export function coversAll(reissued: readonly Cursor[], lost: readonly Cursor[]): boolean {
  return lost.every(({ term, position }) =>
    reissued.some((cursor) => cursor.term === term && cursor.position >= position),
  )
}

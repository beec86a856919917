import type { Term } from '../contracts/log'

/** Terms of other histories that are remembered. */
const maxForeignTerms = 100

/**
 * The history that this process follows, for judging entries: an entry's position means something in its own term only.
 * Before a history is followed, and with a log in this process, all entries are of one history.
 */
export function createFollowedTerms() {
  /** Where each term ends; the last one is open. */
  let endByTerm: ReadonlyMap<number, number> | undefined
  let present = 0
  const foreignTerms = new Set<number>()

  return {
    /** The term in which new entries are made. */
    get present() {
      return present
    },

    follow(terms: readonly Term[]): void {
      endByTerm = new Map(
        terms.map(({ id }, index) => [id, terms[index + 1]?.from ?? Number.POSITIVE_INFINITY]),
      )
      present = terms.at(-1)?.id ?? 0
      foreignTerms.clear()
    },

    /** Whether the position belongs to this history. */
    contains(term: number, position: number): boolean {
      if (term === present || endByTerm === undefined) return true
      return position <= (endByTerm.get(term) ?? Number.NEGATIVE_INFINITY)
    },

    /** Whether entries of this term can be judged. If not, it may have begun after the last sync. */
    canJudge: (term: number): boolean =>
      endByTerm === undefined || endByTerm.has(term) || foreignTerms.has(term),

    /** The term does not belong to this history: a sync has shown it. */
    noteForeignTerm(term: number): void {
      if (foreignTerms.size >= maxForeignTerms) foreignTerms.clear()
      foreignTerms.add(term)
    },
  }
}

export type FollowedTerms = ReturnType<typeof createFollowedTerms>

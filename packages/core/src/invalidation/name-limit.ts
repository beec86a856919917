import { findFamilies, mergeFamilies } from './tag-families'
import { countConfirmed, dropOldest, type TagStates } from './tag-states'

/** Bound of a table of names. */
interface NameLimit {
  /** Maximum names that the log has confirmed. Pending ones are bounded by the outbox. */
  readonly maxNames: number
  /** Separates the segments of hierarchical tags; empty for none. Keys have none. */
  readonly separator: string
}

/** The names that left a full table. */
interface Forgotten {
  /** The latest position of the names that were dropped: entries older than it can no longer be judged. */
  readonly floor: number
  /** Whether names were merged into the tag above them. */
  readonly isMerged: boolean
}

const nothing: Forgotten = { floor: 0, isMerged: false }

/**
 * Returns a function that shortens a full table by an eighth, to be called after each record. It merges the oldest names of
 * the largest families (a tag and all tags below it) into the tag above them: entries carry the ancestors of their tags, so
 * this ends entries of that family only, however many tags somebody invents below it. Names are dropped only if no family is
 * large enough, because that ends entries of every kind.
 *
 * The cost per call is constant on average, because a pass over the table comes once in an eighth of its size.
 */
export function createNameLimit(states: TagStates, limit: NameLimit): () => Forgotten {
  /** Calls until the next pass: the names of a bulk invalidation are pending, and stay until the log has confirmed them. */
  let pause = 0

  return () => {
    if (states.size <= limit.maxNames) return nothing
    if (pause > 0) {
      pause -= 1
      return nothing
    }
    const forgotten = shortenTable(states, limit)
    if (states.size > limit.maxNames) pause = Math.ceil(states.size / 8)
    return forgotten
  }
}

function shortenTable(states: TagStates, { maxNames, separator }: NameLimit): Forgotten {
  const confirmed = countConfirmed(states)
  if (confirmed <= maxNames) return nothing
  const portion = Math.ceil(maxNames / 8)
  const goal = confirmed - maxNames + portion
  const sizeBefore = states.size
  const families = findFamilies(states, { separator, least: Math.max(2, portion), goal })
  mergeFamilies(states, families, { separator, goal })
  const freed = sizeBefore - states.size
  const isShort = confirmed - freed <= maxNames
  return { isMerged: families.size > 0, floor: isShort ? 0 : dropOldest(states, goal - freed) }
}

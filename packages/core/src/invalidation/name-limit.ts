import { findFamilies, mergeFamilies, type NameWeight } from './tag-families'
import { dropOldest, hasPending, type TagStates } from './tag-states'

/** Bounds of a table of names. */
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

/** Characters for each name of a limit on names: longer names leave space for fewer of them. */
export const averageLength = 128

const countOne: NameWeight = () => 1
const lengthOf: NameWeight = (name) => name.length

/**
 * Returns a function that shortens a table by an eighth when it holds too many names or characters, to be called with the
 * name of each record. It merges the oldest names of the largest families (a tag and all tags below it) into the tag above
 * them: entries carry the ancestors of their tags, so this ends entries of that family only, however many tags somebody
 * invents below it. Names are dropped only if no family is large enough, because that ends entries of every kind.
 *
 * The cost per call is constant on average, because a pass over the table comes once in an eighth of its size.
 */
export function createNameLimit(
  states: TagStates,
  { maxNames, separator }: NameLimit,
): (name: string) => Forgotten {
  const maxCharacters = maxNames * averageLength
  /** Calls until the next pass: the names of a bulk invalidation are pending, and stay until the log has confirmed them. */
  let pause = 0
  /** Characters added since the last pass. */
  let added = 0

  return (name) => {
    added += name.length
    pause -= 1
    const hasTooMany = states.size > maxNames && pause <= 0
    if (!hasTooMany && added <= maxCharacters / 8) return nothing
    added = 0
    const byNumber = shortenTable(states, separator, maxNames, countOne)
    const byLength = shortenTable(states, separator, maxCharacters, lengthOf)
    pause = Math.ceil(states.size / 8)
    return {
      floor: Math.max(byNumber.floor, byLength.floor),
      isMerged: byNumber.isMerged || byLength.isMerged,
    }
  }
}

/** Shortens the table by an eighth of `max` if its confirmed names weigh more than that. */
function shortenTable(states: TagStates, separator: string, max: number, weightOf: NameWeight): Forgotten {
  const total = totalWeight(states, weightOf)
  if (total <= max) return nothing
  const portion = Math.ceil(max / 8)
  const goal = total - max + portion
  const families = findFamilies(states, { separator, weightOf, goal, least: Math.max(2, portion) })
  const freed = mergeFamilies(states, families, { separator, weightOf, goal })
  const isShort = total - freed <= max
  return { isMerged: families.size > 0, floor: isShort ? 0 : dropOldest(states, goal - freed, weightOf) }
}

function totalWeight(states: TagStates, weightOf: NameWeight): number {
  let total = 0
  for (const [name, state] of states) if (!hasPending(state)) total += weightOf(name)
  return total
}

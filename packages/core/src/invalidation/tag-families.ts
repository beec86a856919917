import { isUserTag } from '../entry/reserved-tags'
import { parentBySegment, topAncestors } from './tag-hierarchy'
import { hasPending, type TagStates, touchState } from './tag-states'

/** Levels of the hierarchy, from the top, at which families are found. */
const maxLevels = 4

/**
 * Merges names into the tag above them if there are more than `maxNames`: an eighth of the table, the oldest names of the
 * largest family (a tag and all tags below it). The tag takes over their latest positions, and entries carry the ancestors of
 * their tags, so that this ends entries of that family only, however many tags somebody invents below it. Dropping the names
 * instead would raise the floor, which ends entries of every kind. Returns whether a family was large enough.
 */
export function mergeLargestFamily(states: TagStates, maxNames: number, separator: string): boolean {
  if (states.size <= maxNames || separator === '') return false
  const share = Math.max(2, Math.ceil(maxNames / 8))
  const family = findLargestFamily(countFamilies(states, separator), share, separator)
  if (family === undefined) return false
  mergeOldest(states, family, { share, separator })
  return true
}

/** How many names are below each tag. A name with a pending invalidation stays. */
function countFamilies(states: TagStates, separator: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [name, state] of states) {
    if (hasPending(state) || !isUserTag(name)) continue
    for (const family of topAncestors(name, separator, maxLevels))
      counts.set(family, (counts.get(family) ?? 0) + 1)
  }
  return counts
}

/** The tag with the most names below it, at least `least`; and as far down as that many are still below one tag. */
function findLargestFamily(
  counts: ReadonlyMap<string, number>,
  least: number,
  separator: string,
  above?: string,
): string | undefined {
  let largest: string | undefined
  let most = least - 1
  for (const [family, count] of counts) {
    if (count <= most || parentBySegment(family, separator) !== above) continue
    largest = family
    most = count
  }
  return largest === undefined ? above : findLargestFamily(counts, least, separator, largest)
}

function mergeOldest(
  states: TagStates,
  family: string,
  { share, separator }: { readonly share: number; readonly separator: string },
): void {
  const merged = { hard: 0, soft: 0 }
  let remaining = share
  for (const [name, state] of states) {
    if (remaining === 0) break
    if (hasPending(state) || !topAncestors(name, separator, maxLevels).includes(family)) continue
    merged.hard = Math.max(merged.hard, state.hard)
    merged.soft = Math.max(merged.soft, state.soft)
    states.delete(name)
    remaining -= 1
  }
  const state = touchState(states, family)
  state.hard = Math.max(state.hard, merged.hard)
  state.soft = Math.max(state.soft, merged.soft)
}

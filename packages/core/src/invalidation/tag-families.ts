import { isUserTag } from '../entry/reserved-tags'
import { parentBySegment, topAncestors } from './tag-hierarchy'
import { hasPending, type TagStates, touchState } from './tag-states'

/** Levels of the hierarchy, from the top, at which families are found. */
const maxLevels = 4

/** Tags that have many names below them; no family is below another one. */
export type Families = ReadonlySet<string>

/** How names are merged into families. */
interface MergeRule {
  readonly separator: string
  /** Maximum names merged. */
  readonly goal: number
}

/**
 * The largest families with at least `least` confirmed names each, as many as are needed to merge `goal` names. A family
 * is as far down as that many names are below one tag.
 */
export function findFamilies(
  states: TagStates,
  { separator, least, goal }: MergeRule & { readonly least: number },
): Families {
  if (separator === '') return new Set()
  const large = [...countFamilies(states, separator)].filter(([, count]) => count >= least)
  const above = new Set(large.map(([family]) => parentBySegment(family, separator)))
  const narrowest = large.filter(([family]) => !above.has(family)).sort(([, a], [, b]) => b - a)
  const chosen = new Set<string>()
  let names = 0
  for (const [family, count] of narrowest) {
    if (names >= goal) break
    chosen.add(family)
    names += count
  }
  return chosen
}

/** How many confirmed names are below each tag. */
function countFamilies(states: TagStates, separator: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [name, state] of states) {
    if (hasPending(state) || !isUserTag(name)) continue
    for (const family of topAncestors(name, separator, maxLevels))
      counts.set(family, (counts.get(family) ?? 0) + 1)
  }
  return counts
}

/** Replaces the oldest names of the families by the tags above them, which take over their latest positions. */
export function mergeFamilies(states: TagStates, families: Families, { separator, goal }: MergeRule): void {
  if (families.size === 0) return
  const latest = new Map<string, { hard: number; soft: number }>()
  let remaining = goal
  for (const [name, state] of states) {
    if (remaining === 0) break
    if (hasPending(state) || !isUserTag(name)) continue
    const family = topAncestors(name, separator, maxLevels).find((ancestor) => families.has(ancestor))
    if (family === undefined) continue
    const { hard, soft } = latest.get(family) ?? state
    latest.set(family, { hard: Math.max(hard, state.hard), soft: Math.max(soft, state.soft) })
    states.delete(name)
    remaining -= 1
  }
  for (const [family, merged] of latest) {
    const state = touchState(states, family)
    state.hard = Math.max(state.hard, merged.hard)
    state.soft = Math.max(state.soft, merged.soft)
  }
}

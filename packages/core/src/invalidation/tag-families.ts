import { isUserTag } from '../entry/reserved-tags'
import { parentBySegment, topAncestors } from './tag-hierarchy'
import { hasPending, oldestNames, type TagStates, touchState } from './tag-states'

/** Levels of the hierarchy, from the top, at which families are found. */
const maxLevels = 4

/** Tags that have many names below them; no family is below another one. */
export type Families = ReadonlySet<string>

/** The part of a table's bound that a name takes: one of so many names, or its length. */
export type NameWeight = (name: string) => number

/** How names are merged into families. */
interface MergeRule {
  readonly separator: string
  readonly weightOf: NameWeight
  /** The weight of the names to merge. */
  readonly goal: number
}

/**
 * The largest families whose confirmed names weigh at least `least` each, as many as are needed for the goal. A family is as
 * far down as that many names are below one tag.
 */
export function findFamilies(
  states: TagStates,
  { separator, weightOf, goal, least }: MergeRule & { readonly least: number },
): Families {
  if (separator === '') return new Set()
  const large = [...weighFamilies(states, separator, weightOf)].filter(([, weight]) => weight >= least)
  const above = new Set(large.map(([family]) => parentBySegment(family, separator)))
  const narrowest = large.filter(([family]) => !above.has(family)).sort(([, a], [, b]) => b - a)
  const chosen = new Set<string>()
  let weight = 0
  for (const [family, itsWeight] of narrowest) {
    if (weight >= goal) break
    chosen.add(family)
    weight += itsWeight
  }
  return chosen
}

/** The weight of the confirmed names below each tag. */
function weighFamilies(
  states: TagStates,
  separator: string,
  weightOf: NameWeight,
): ReadonlyMap<string, number> {
  const weights = new Map<string, number>()
  for (const [name, state] of states) {
    if (hasPending(state) || !isUserTag(name)) continue
    for (const family of topAncestors(name, separator, maxLevels))
      weights.set(family, (weights.get(family) ?? 0) + weightOf(name))
  }
  return weights
}

/**
 * Replaces the oldest names of the families by the tags above them, which take over their latest positions. Returns the weight
 * of the names that the table has lost.
 */
export function mergeFamilies(
  states: TagStates,
  families: Families,
  { separator, weightOf, goal }: MergeRule,
): number {
  if (families.size === 0) return 0
  const latest = new Map<string, { hard: number; soft: number }>()
  let freed = 0
  for (const [name, state] of oldestNames(states)) {
    if (freed >= goal) break
    if (hasPending(state) || !isUserTag(name)) continue
    const family = topAncestors(name, separator, maxLevels).find((ancestor) => families.has(ancestor))
    if (family === undefined) continue
    const { hard, soft } = latest.get(family) ?? state
    latest.set(family, { hard: Math.max(hard, state.hard), soft: Math.max(soft, state.soft) })
    states.delete(name)
    freed += weightOf(name)
  }
  for (const [family, merged] of latest) {
    if (!states.has(family)) freed -= weightOf(family)
    const state = touchState(states, family)
    state.hard = Math.max(state.hard, merged.hard)
    state.soft = Math.max(state.soft, merged.soft)
  }
  return freed
}

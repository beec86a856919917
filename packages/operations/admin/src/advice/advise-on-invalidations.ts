import { type Advice, formatPercent } from './advice'
import { type MissEvidence, shareOf } from './miss-evidence'

/** Entries that one invalidation ends, above which its tag is called broad. */
const broad = 3

/** Entries that are invalidated before they are read again: by a broad tag, or because the values change that often. */
export function adviseOnInvalidations({ activity, observed }: MissEvidence): Advice | undefined {
  const share = shareOf(activity, 'invalidated')
  if (share < 0.5) return undefined
  const ended = observed?.endedEntries ?? []
  const invalidations = new Set(ended.map(({ invalidation }) => invalidation)).size
  const tag = mostFrequent(ended.flatMap((entry) => entry.tag ?? []))
  const cause = tag === undefined ? '' : `, most often because of the tag "${tag}"`
  const detail =
    ended.length === 0
      ? ''
      : ` The latest ${ended.length} were ended by ${invalidations} invalidations${cause}.`
  const measured = {
    function: activity.name,
    evidence: `${formatPercent(share)} of ${activity.misses} misses found an invalidated entry.${detail}`,
    cost: activity.cost,
  }
  if (ended.length < broad * invalidations)
    return {
      ...measured,
      id: 'changes-too-often',
      option: 'invalidate',
      title: `The values of ${activity.name} change as often as they are read`,
      advice:
        'Invalidate with { mode: "soft" } if a stale value may be served while a new one is computed, or do not cache them.',
    }
  return {
    ...measured,
    id: 'narrower-tags',
    option: 'tags',
    title: `Each invalidation${tag === undefined ? '' : ` of "${tag}"`} ends many entries of ${activity.name}`,
    advice:
      'Invalidate narrower tags (job:7 instead of jobs), or use { mode: "soft" } if a stale value may be served.',
  }
}

function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

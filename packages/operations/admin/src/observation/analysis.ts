import type { CacheStats, MissReason } from '@larder/core'
import type { Activity } from './activity'

/** What could be better, and by which measurement. */
export interface Recommendation {
  readonly id: string
  readonly title: string
  /** The measurement that it follows from. */
  readonly reason: string
  readonly advice: string
}

/** Everything there is to go by. */
interface Measured {
  readonly stats: CacheStats
  readonly activity: Activity
}

type Rule = (measured: Measured) => Recommendation | undefined

/** Reads and computations below which shares say nothing. */
const enough = 100

const percent = (share: number) => `${Math.round(share * 100)} %`

function total(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((sum, count = 0) => sum + count, 0)
}

/** Where so many reads hit, the misses are no concern. */
const goodRatio = 0.9

/** The share of misses with this reason, where there are enough of them to say, and to care. */
function shareOf({ activity: { reasons }, stats }: Measured, reason: MissReason): number {
  const misses = total(reasons)
  return misses < enough || stats.hitRatio > goodRatio ? 0 : (reasons[reason] ?? 0) / misses
}

const rules: readonly Rule[] = [
  ({ stats: { usage, evictions, hitRatio, fills } }) => {
    const share = fills.stored < enough ? 0 : evictions / fills.stored
    if (usage === undefined || share < 0.2 || hitRatio > goodRatio) return undefined
    const limit =
      usage.entries >= usage.maxEntries ? `maxEntries (${usage.maxEntries})` : `maxBytes (${usage.maxBytes})`
    return {
      id: 'more-memory',
      title: 'Entries are removed before they are of use',
      reason: `${evictions} entries made room for ${fills.stored} that were stored, and ${percent(hitRatio)} of the reads hit.`,
      advice: `Raise ${limit} of memoryStore, or store less: cacheIf leaves out what nobody reads twice.`,
    }
  },
  (measured) => {
    const share = shareOf(measured, 'expired')
    if (share < 0.5) return undefined
    return {
      id: 'longer-ttl',
      title: 'Most misses are values whose time was up',
      reason: `${percent(share)} of the misses had an entry that was no longer fresh.`,
      advice:
        'Invalidation keeps values right, so the ttl may be long: raise it, or set staleWhileRevalidate so that nobody waits.',
    }
  },
  (measured) => {
    const share = shareOf(measured, 'invalidated')
    if (share < 0.5) return undefined
    const [most] = measured.activity.topTags
    return {
      id: 'narrower-tags',
      title: 'Most misses are values that were invalidated',
      reason: `${percent(share)} of the misses were ended by an invalidation${most ? `; the tag invalidated most is "${most.name}"` : ''}.`,
      advice:
        'Invalidate narrower tags (job:7 instead of jobs), or use { mode: "soft" } where a stale value may be served meanwhile.',
    }
  },
  (measured) => {
    const share = shareOf(measured, 'absent')
    if (share < 0.8) return undefined
    return {
      id: 'fewer-keys',
      title: 'Most misses are for keys that were never there',
      reason: `${percent(share)} of the misses found no entry at all.`,
      advice:
        'Look at the keys: leave out of them what does not change the value (query parameters, time stamps, trace ids), or warm what will be asked for.',
    }
  },
  (measured) => {
    const share = shareOf(measured, 'unproven')
    if (share < 0.05) return undefined
    return {
      id: 'reach-the-log',
      title: 'Entries are there, but nothing proves them current',
      reason: `${percent(share)} of the misses came while the log could not be read in time.`,
      advice:
        'Find out why Redis answers late (larder doctor), or raise maxStaleness if you can tolerate older values.',
    }
  },
  ({ stats: { computes } }) => {
    const failed = computes.error + computes.timeout
    const share = total(computes) < enough ? 0 : failed / total(computes)
    if (share < 0.02) return undefined
    return {
      id: 'stale-if-error',
      title: 'The functions behind the cache fail',
      reason: `${percent(share)} of ${total(computes)} computations failed (${computes.timeout} of them by timeout).`,
      advice:
        'Set staleIfError, so that the last good value stands in; set hardTimeout to what callers can wait.',
    }
  },
  ({ stats: { fills } }) => {
    const share = total(fills) < enough ? 0 : fills.outdated / total(fills)
    if (share < 0.05) return undefined
    return {
      id: 'invalidated-while-computing',
      title: 'Values are invalidated while they are computed',
      reason: `${percent(share)} of the computed values were overtaken by an invalidation and not stored.`,
      advice: 'Make the functions faster, or their tags narrower.',
    }
  },
  ({ activity: { slowCall } }) => {
    if (slowCall === undefined || slowCall < 20) return undefined
    return {
      id: 'near-store',
      title: 'The shared store answers slowly',
      reason: `One call in twenty takes ${Math.round(slowCall)} ms or more.`,
      advice:
        'Put a memory tier before it (tieredStore), keep values small, and see what larder doctor says about the server.',
    }
  },
  ({ activity: { topKeys, reads } }) => {
    const [first] = topKeys
    const share = first === undefined || reads < 10 * enough ? 0 : first.uses / reads
    if (first === undefined || share < 0.3) return undefined
    return {
      id: 'hot-key',
      title: 'One key takes much of the reads',
      reason: `"${first.name}" has ${percent(share)} of the ${reads} reads seen.`,
      advice:
        'Give it refreshAhead, so that it never expires under its readers, and see that it lives in memory.',
    }
  },
  ({ stats: { unreadable, fills } }) => {
    if (unreadable < enough || unreadable < fills.stored * 0.01) return undefined
    return {
      id: 'unreadable',
      title: 'Entries in the store cannot be read',
      reason: `The bytes of ${unreadable} entries were not used.`,
      advice:
        'Processes differ in serializer, schema or sealing keys: name the older ones in serializers or keys until they have gone.',
    }
  },
]

/** What follows from the measurements. Where nothing does, the list is empty. */
export function recommend(measured: Measured): Recommendation[] {
  return rules.flatMap((rule) => rule(measured) ?? [])
}

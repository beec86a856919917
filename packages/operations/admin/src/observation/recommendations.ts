import type { CacheStats, MissReason } from '@larder/core'
import type { Activity } from './activity'

/** A change that would improve the cache, with the measurement that shows it. */
interface Recommendation {
  readonly id: string
  readonly title: string
  /** The measurement, in numbers. */
  readonly reason: string
  /** The change to make. */
  readonly advice: string
}

interface Measurements {
  readonly stats: CacheStats
  readonly activity: Activity
}

type Rule = (measurements: Measurements) => Recommendation | undefined

/** A share is meaningful only if it is one of at least this many events. */
const minEvents = 100

/** Above this hit ratio, misses and evictions need no recommendation. */
const goodHitRatio = 0.9

const formatPercent = (share: number) => `${Math.round(share * 100)} %`

function sumOf(counters: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counters).reduce<number>((sum, count = 0) => sum + count, 0)
}

/** The share of the misses that have this reason; 0 if there are too few misses, or so few that they do not matter. */
function missShareOf({ activity: { reasons }, stats }: Measurements, reason: MissReason): number {
  const misses = sumOf(reasons)
  return misses < minEvents || stats.hitRatio > goodHitRatio ? 0 : (reasons[reason] ?? 0) / misses
}

/** In the order in which they are shown. */
const rules: readonly Rule[] = [
  ({ stats: { usage, evictions, hitRatio, fills } }) => {
    const share = fills.stored < minEvents ? 0 : evictions / fills.stored
    if (usage === undefined || share < 0.2 || hitRatio > goodHitRatio) return undefined
    const limit =
      usage.entries >= usage.maxEntries ? `maxEntries (${usage.maxEntries})` : `maxBytes (${usage.maxBytes})`
    return {
      id: 'more-memory',
      title: 'Memory is too small: entries are evicted before they are read again',
      reason: `${evictions} entries were evicted while ${fills.stored} were stored, and the hit ratio is ${formatPercent(hitRatio)}.`,
      advice: `Raise ${limit} of memoryStore, or store less: cacheIf can skip values that are rarely read twice.`,
    }
  },
  (measurements) => {
    const share = missShareOf(measurements, 'expired')
    if (share < 0.5) return undefined
    return {
      id: 'longer-ttl',
      title: 'Most misses are expired entries',
      reason: `${formatPercent(share)} of the misses found an entry whose ttl had passed.`,
      advice:
        'Raise the ttl: invalidation keeps values correct, so it may be long. Or set staleWhileRevalidate, so that no caller waits for a refresh.',
    }
  },
  (measurements) => {
    const share = missShareOf(measurements, 'invalidated')
    if (share < 0.5) return undefined
    const [topTag] = measurements.activity.topTags
    const detail = topTag ? `; the tag invalidated most is "${topTag.name}"` : ''
    return {
      id: 'narrower-tags',
      title: 'Most misses are invalidated entries',
      reason: `${formatPercent(share)} of the misses found an invalidated entry${detail}.`,
      advice:
        'Invalidate narrower tags (job:7 instead of jobs), or use { mode: "soft" } if a stale value may be served while a new one is computed.',
    }
  },
  (measurements) => {
    const share = missShareOf(measurements, 'absent')
    if (share < 0.8) return undefined
    return {
      id: 'fewer-keys',
      title: 'Most misses are for keys without an entry',
      reason: `${formatPercent(share)} of the misses found no entry.`,
      advice:
        'Remove parts from the keys that do not change the value (query parameters, timestamps, trace ids), or warm the keys that will be read.',
    }
  },
  (measurements) => {
    const share = missShareOf(measurements, 'unproven')
    if (share < 0.05) return undefined
    return {
      id: 'reach-the-log',
      title: 'Entries are not served because the log cannot be read in time',
      reason: `${formatPercent(share)} of the misses found an entry that could not be checked against the log.`,
      advice:
        'Run larder doctor to find out why Redis responds late, or raise maxStaleness if older values are acceptable.',
    }
  },
  ({ stats: { computes } }) => {
    const total = sumOf(computes)
    const failed = computes.error + computes.timeout
    const share = total < minEvents ? 0 : failed / total
    if (share < 0.02) return undefined
    return {
      id: 'stale-if-error',
      title: 'The functions behind the cache fail',
      reason: `${formatPercent(share)} of ${total} computations failed (${computes.timeout} of them by timeout).`,
      advice:
        'Set staleIfError, so that the last good value is served instead; set hardTimeout to the longest time that callers can wait.',
    }
  },
  ({ stats: { fills } }) => {
    const total = sumOf(fills)
    const share = total < minEvents ? 0 : fills.outdated / total
    if (share < 0.05) return undefined
    return {
      id: 'invalidated-while-computing',
      title: 'Values are invalidated while they are computed',
      reason: `${formatPercent(share)} of the computed values were invalidated before they could be stored.`,
      advice: 'Make the functions faster, or invalidate narrower tags.',
    }
  },
  ({ activity: { slowCall } }) => {
    if (slowCall === undefined || slowCall < 20) return undefined
    return {
      id: 'near-store',
      title: 'The shared store responds slowly',
      reason: `5 % of the calls take ${Math.round(slowCall)} ms or more.`,
      advice:
        'Put a memory tier before it (tieredStore), keep values small, and run larder doctor to check the server.',
    }
  },
  ({ activity: { topKeys, reads } }) => {
    const [topKey] = topKeys
    const share = topKey === undefined || reads < 10 * minEvents ? 0 : topKey.uses / reads
    if (topKey === undefined || share < 0.3) return undefined
    return {
      id: 'hot-key',
      title: 'One key gets a large share of the reads',
      reason: `"${topKey.name}" gets ${formatPercent(share)} of ${reads} reads.`,
      advice:
        'Set refreshAhead for it, so that it is refreshed before it expires, and keep it in a memory tier.',
    }
  },
  ({ stats: { unreadable, fills } }) => {
    if (unreadable < minEvents || unreadable < fills.stored * 0.01) return undefined
    return {
      id: 'unreadable',
      title: 'Entries in the store cannot be read',
      reason: `The bytes of ${unreadable} entries could not be decoded.`,
      advice:
        'Processes use different serializers, schemas or sealing keys: list the older ones in serializers or keys until their entries have expired.',
    }
  },
]

/** The recommendations that follow from the measurements; empty if there are none. */
export function findRecommendations(measurements: Measurements): Recommendation[] {
  return rules.flatMap((rule) => rule(measurements) ?? [])
}

import { type Advice, formatPercent, minEvents } from './advice'
import { adviseOnInvalidations } from './advise-on-invalidations'
import { adviseOnKeys } from './advise-on-keys'
import { type MissEvidence, shareOf } from './miss-evidence'

/** Functions with this hit ratio need no advice on their misses, unless callers wait long for each. */
const goodHitRatio = 0.8
/** In ms. */
const slowComputation = 500
/** In characters of JSON. */
const largeValue = 100_000

const meanOf = (values: readonly number[] = []) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** The cause of the misses of a function, if these are so many, or so slow, that they matter. */
export function adviseOnMisses(evidence: MissEvidence, elapsed: number): Advice | undefined {
  const { misses, hitRatio, meanDuration, computeTime } = evidence.activity
  const isSlow = meanDuration >= slowComputation && computeTime >= elapsed * 0.1
  if (!isSlow && (misses < minEvents || hitRatio >= goodHitRatio)) return undefined
  return (
    adviseOnUnusedRefreshes(evidence) ??
    adviseOnProof(evidence) ??
    (isSlow ? adviseOnSlowness(evidence) : undefined) ??
    adviseOnSize(evidence) ??
    adviseOnEvictions(evidence) ??
    adviseOnInvalidations(evidence) ??
    adviseOnKeys(evidence, elapsed) ??
    adviseOnExpiry(evidence)
  )
}

function adviseOnUnusedRefreshes({ activity }: MissEvidence): Advice | undefined {
  const { name, missReasons, served, cost } = activity
  if (shareOf(activity, 'forced') < 0.5 || served >= missReasons.forced * 0.2) return undefined
  return {
    id: 'unused-refreshes',
    function: name,
    option: 'refresh',
    title: `${name} is computed ahead, and its values are seldom read`,
    evidence: `${missReasons.forced} values were computed by refresh or { fresh: true }, and ${served} reads were served.`,
    advice:
      'Warm only what is read: warmPopular takes the keys that are used, and staleWhileRevalidate computes none ahead.',
    cost,
  }
}

function adviseOnProof({ activity }: MissEvidence): Advice | undefined {
  const share = shareOf(activity, 'unproven')
  if (share < 0.05) return undefined
  return {
    id: 'reach-the-log',
    function: activity.name,
    option: 'maxStaleness',
    title: `Entries of ${activity.name} are not served, because the log cannot be read in time`,
    evidence: `${formatPercent(share)} of ${activity.misses} misses found an entry that could not be checked against the log.`,
    advice:
      'Run larder doctor to find out why Redis responds late, or raise maxStaleness if older values are acceptable.',
    cost: activity.cost,
  }
}

function adviseOnSlowness({ activity }: MissEvidence): Advice | undefined {
  const { name, meanDuration, computeTime, computeP95, joins, cost } = activity
  if (shareOf(activity, 'expired') < 0.5) return undefined
  return {
    id: 'refresh-ahead',
    function: name,
    option: 'staleWhileRevalidate',
    title: `Callers wait for ${name} each time one of its values expires`,
    evidence: `A computation takes ${Math.round(meanDuration)} ms, one in 20 at least ${Math.round(computeP95)} ms; all took ${Math.round(computeTime / 1_000)} s, and ${joins} other callers waited for them.`,
    advice:
      'Set staleWhileRevalidate, or refreshAhead: 0.8, so that values are renewed while callers are served.',
    cost,
  }
}

function adviseOnSize({ activity: { name, cost }, observed }: MissEvidence): Advice | undefined {
  const size = meanOf(observed?.valueSizes)
  if (size < largeValue) return undefined
  return {
    id: 'smaller-values',
    function: name,
    option: 'maxBytes',
    title: `The values of ${name} are so large that memory holds few of them`,
    evidence: `A value has about ${Math.round(size / 1_000)} kB.`,
    advice:
      'Return only what callers need, keep the values in a cache of their own with a larger maxBytes, or in Redis.',
    cost,
  }
}

function adviseOnEvictions({ activity: { name, cost }, observed }: MissEvidence): Advice | undefined {
  const seen = observed?.evictedMisses ?? []
  const evicted = seen.filter((wasEvicted) => wasEvicted).length
  if (seen.length < minEvents || evicted < seen.length * 0.2) return undefined
  return {
    id: 'more-memory',
    function: name,
    option: 'maxEntries',
    title: `Memory is too small: entries of ${name} are evicted before they are read again`,
    evidence: `${evicted} of the latest ${seen.length} misses were for keys that had been evicted.`,
    advice: 'Raise maxEntries or maxBytes of memoryStore, or put Redis behind it (tieredStore).',
    cost,
  }
}

function adviseOnExpiry({ activity }: MissEvidence): Advice | undefined {
  const share = shareOf(activity, 'expired')
  if (share < 0.5) return undefined
  return {
    id: 'longer-ttl',
    function: activity.name,
    option: 'ttl',
    title: `The values of ${activity.name} expire before they are read again`,
    evidence: `${formatPercent(share)} of ${activity.misses} misses found an entry whose ttl had passed.`,
    advice:
      'Raise its ttl: invalidation keeps values correct, so it may be long. Or set staleWhileRevalidate, so that no caller waits.',
    cost: activity.cost,
  }
}

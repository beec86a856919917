import { withRule } from '../request-matchers'
import type { RecordingRule } from './rule'
import type { RuleTerms } from './rule-terms'

/** The recorded series, by what they say, for all processes together. */
export const recorded = {
  traffic: 'cache:requests:rate5m',
  hitRatio: 'cache:hit_ratio:rate5m',
  invalidations: 'cache:invalidations:rate5m',
  storeErrors: 'cache:store_errors:ratio_rate5m',
  storeLatency: 'cache:store_duration_seconds:p95_rate5m',
  functionTraffic: 'cache_function:requests:rate5m',
  functionHitRatio: 'cache_function:hit_ratio:rate5m',
  functionComputes: 'cache_function:computes:rate5m',
  functionDuration: 'cache_function:compute_seconds:p95',
} as const

const byResult = ['cache_reason', 'cache_result', 'cache_tier']
const served = 'cache_result=~"hit|stale"'

/** The recording rules that the alerts use. */
export function createRecordings(terms: RuleTerms): readonly RecordingRule[] {
  const { across, duration, metric, rateOf } = terms
  const perCache = [...byResult, 'cache_function']
  const calls = `${metric('cache.store.duration')}_count`
  const callRate = (selector: string) =>
    across('sum', `rate(${calls}${selector}[${duration(5)}])`, ['cache_outcome'])
  const buckets = `rate(${metric('cache.store.duration')}_bucket[${duration(5)}])`
  const requests = (selector: string, others: readonly string[]) =>
    rateOf('cache.requests', 5, selector, others)

  const rules: Record<keyof typeof recorded, string> = {
    traffic: requests(`{${withRule}}`, perCache),
    hitRatio: `${requests(`{${served},${withRule}}`, perCache)} / (${requests(`{${withRule}}`, perCache)} > 0)`,
    invalidations: rateOf('cache.invalidations', 5, '', ['cache_outcome']),
    storeErrors: `${callRate('{cache_outcome="error"}')} / (${callRate('')} > 0)`,
    storeLatency: `histogram_quantile(0.95, ${across('sum', buckets, ['cache_outcome'])})`,
    functionTraffic: requests('', byResult),
    functionHitRatio: `${requests(`{${served}}`, byResult)} / (${requests('', byResult)} > 0)`,
    functionComputes: rateOf('cache.computes', 5, '', ['cache_outcome']),
    // Each process estimates its own; the mean of them is near that of all, as they get the same kinds of calls.
    functionDuration: across('avg', `${metric('cache.compute.quantile')}{cache_quantile="0.95"}`, [
      'cache_quantile',
    ]),
  }
  return Object.entries(recorded).map(([key, record]) => ({
    record,
    expr: rules[key as keyof typeof recorded],
  }))
}

import { ofFunctions, withRule } from '../request-matchers'
import { recorded } from './recordings'
import type { AlertingRule } from './rule'
import type { RuleTerms } from './rule-terms'

const { traffic, hitRatio, functionTraffic, functionHitRatio, functionComputes, functionDuration } = recorded

/** Alerts on what readers notice: reads that fail, functions that are slow or whose values are not reused. */
export function createReadAlerts(terms: RuleTerms): readonly AlertingRule[] {
  return [...createAvailabilityAlerts(terms), ...createSourceAlerts(terms), ...createReuseAlerts(terms)]
}

const failed = '{cache_outcome=~"error|timeout"}'

/** Multi-window burn rates (Google, The Site Reliability Workbook, chapter 5): 2 % of a month's budget in an hour, 5 % in six. */
function createAvailabilityAlerts({ options, defineAlert, rateOf }: RuleTerms): readonly AlertingRule[] {
  const budget = 1 - options.availability
  const failures = (minutes: number) =>
    rateOf('cache.computes', minutes, failed, ['cache_function', 'cache_outcome'])
  const reads = (minutes: number) =>
    rateOf('cache.requests', minutes, `{${withRule}}`, [
      'cache_function',
      'cache_reason',
      'cache_result',
      'cache_tier',
    ])
  const burns = (factor: number, long: number, short: number) =>
    [long, short]
      .map(
        (minutes) =>
          `${failures(minutes)} / (${reads(minutes)} > 0) > ${Number((factor * budget).toFixed(6))}`,
      )
      .join(' and ')
  const texts = {
    summary:
      'Computations fail for {{ $value | humanizePercentage }} of the reads of {{ $labels.cache_name }}.',
    description: 'Reads that no cached value can answer fail with the error of the source.',
  }
  return [
    defineAlert('critical', 'LarderReadsFail', { minutes: 2, expr: burns(14.4, 60, 5), ...texts }),
    defineAlert('warning', 'LarderReadsFailSlowly', { minutes: 15, expr: burns(6, 360, 30), ...texts }),
  ]
}

function createSourceAlerts({ options, defineAlert, duration, rateOf }: RuleTerms): readonly AlertingRule[] {
  const computes = (selector: string) => rateOf('cache.computes', 5, selector, ['cache_outcome'])
  const isComputing = `and ${functionComputes} > 0.05`
  return [
    defineAlert('warning', 'LarderSourceFailing', {
      minutes: 5,
      expr: `${computes(failed)} / (${computes('')} > 0) > ${options.maxSourceErrorRate} ${isComputing}`,
      summary: '{{ $value | humanizePercentage }} of the computations of {{ $labels.cache_function }} fail.',
      description: 'The cache serves stale values where staleIfError allows it; other callers get the error.',
    }),
    defineAlert('warning', 'LarderSourceSlow', {
      minutes: 10,
      expr: `${functionDuration} > 2 * quantile_over_time(0.5, ${functionDuration}[${duration(1_440)}]) and ${functionDuration} > 0.05 ${isComputing}`,
      summary:
        '5 % of the computations of {{ $labels.cache_function }} take more than {{ $value | humanizeDuration }}.',
      description: 'That is more than twice the median of the last day. A miss waits for its computation.',
    }),
  ]
}

function createReuseAlerts(terms: RuleTerms): readonly AlertingRule[] {
  const { options, defineAlert, duration, rateOf } = terms
  const isBusy = `and ${traffic} > ${options.minTraffic}`
  const isFunctionBusy = `and ${functionTraffic} > ${options.minTraffic}`
  const fills = (selector: string, others: readonly string[] = []) =>
    rateOf('cache.fills', 15, selector, ['cache_outcome', ...others])
  const evictions = rateOf('cache.evictions', 15)
  return [
    defineAlert('warning', 'LarderHitRatioLow', {
      minutes: 10,
      expr: `${hitRatio} < ${options.minHitRatio} ${isBusy}`,
      summary: 'The cache {{ $labels.cache_name }} hits in {{ $value | humanizePercentage }} of its reads.',
      description: 'Most reads run their functions, so the source carries most of the load.',
    }),
    defineAlert('warning', 'LarderFunctionNeverHits', {
      minutes: 15,
      expr: `${functionHitRatio}{${withRule}} < 0.01 ${isFunctionBusy}`,
      summary: 'No read of {{ $labels.cache_function }} in the cache {{ $labels.cache_name }} is a hit.',
      description: 'Its keys never repeat, its values are not kept, or they are invalidated at once.',
    }),
    defineAlert('warning', 'LarderNothingKept', {
      minutes: 15,
      expr: `${fills(`{cache_outcome="skipped",${ofFunctions}}`)} / (${fills(`{${ofFunctions}}`)} > 0.05) > 0.9`,
      summary:
        '{{ $value | humanizePercentage }} of the values of {{ $labels.cache_function }} are not stored.',
      description: 'A ttl of 0, cacheIf or context.skip() keeps them out: every read runs the function.',
    }),
    defineAlert('warning', 'LarderChurn', {
      minutes: 15,
      expr: `${hitRatio} < 0.9 * avg_over_time(${hitRatio}[${duration(1_440)}]) ${isBusy} and ${evictions} > 0.1 * ${fills('', ['cache_function'])}`,
      summary: 'Entries of {{ $labels.cache_name }} are evicted before they are read again.',
      description:
        'Memory is full, and the hit ratio has fallen by more than a tenth below that of the last day.',
    }),
  ]
}

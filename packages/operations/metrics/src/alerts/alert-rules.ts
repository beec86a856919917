import { metricNameOf } from '../exposition/prometheus-names'

/** A recording rule or an alerting rule, in the shape of a Prometheus rule file. */
export type Rule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string
      readonly expr: string
      readonly for: string
      readonly labels: { readonly severity: 'critical' | 'warning' }
      readonly annotations: {
        readonly summary: string
        readonly description: string
        readonly runbook_url: string
      }
    }

/** A Prometheus rule file. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}

/** The thresholds of the alerts. */
export interface AlertOptions {
  /** The URL or path of the runbook; each alert links to its section. @defaultValue 'docs/operate/runbook.md' */
  readonly runbook?: string | undefined
  /** Minimum share of reads that are hits, from 0 to 1. @defaultValue 0.6 */
  readonly minHitRatio?: number | undefined
  /** Maximum share of the memory limit in use, from 0 to 1. @defaultValue 0.8 */
  readonly maxMemory?: number | undefined
  /** Maximum 95th percentile of the duration of store calls, in seconds. @defaultValue 0.2 */
  readonly maxLatency?: number | undefined
  /** Maximum number of failures per read, from 0 to 1. @defaultValue 0.01 */
  readonly maxErrorRate?: number | undefined
  /** Reads per second below which ratios do not alert: with few reads they are noise. @defaultValue 1 */
  readonly minTraffic?: number | undefined
}

const requestsMetric = metricNameOf('cache.requests')
const hitRatioSeries = 'cache:hit_ratio:rate5m'
const trafficSeries = 'cache:requests:rate5m'
const latencySeries = 'cache:store_duration_seconds:p95_rate5m'
const errorSeries = 'cache:error_ratio:rate5m'
const memorySeries = 'cache:memory_usage:ratio'

/** The rate of a counter per process and cache. */
const sumOfRates = (selector: string) =>
  `sum without (cache_function, cache_reason, cache_result, cache_tier) (rate(${selector}[5m]))`

const recordings: readonly Rule[] = [
  { record: trafficSeries, expr: sumOfRates(requestsMetric) },
  {
    record: hitRatioSeries,
    expr: `${sumOfRates(`${requestsMetric}{cache_result=~"hit|stale"}`)} / (${sumOfRates(requestsMetric)} > 0)`,
  },
  {
    record: errorSeries,
    expr: `rate(${metricNameOf('cache.errors')}[5m]) / on (job, instance, cache_name) (${sumOfRates(requestsMetric)} > 0)`,
  },
  {
    record: memorySeries,
    expr: `${metricNameOf('cache.memory.usage')} / (${metricNameOf('cache.memory.limit')} > 0)`,
  },
  {
    record: latencySeries,
    expr: `histogram_quantile(0.95, sum without (cache_outcome) (rate(${metricNameOf('cache.store.duration')}_bucket[5m])))`,
  },
]

/**
 * Alerting rules for Prometheus, and the recording rules that they use. They query the metrics of `prometheusMetrics`, or
 * those of OpenTelemetry's exporter if it adds units to names.
 *
 * @example
 * ```ts
 * writeFileSync('rules.yml', stringify(alertRules({ minHitRatio: 0.8 })))
 * ```
 */
export function alertRules(options: AlertOptions = {}): RuleFile {
  const { runbook = 'docs/operate/runbook.md', minHitRatio = 0.6, maxMemory = 0.8 } = options
  const { maxLatency = 0.2, maxErrorRate = 0.01, minTraffic = 1 } = options
  const isBusy = `and on (job, instance, cache_name) ${trafficSeries} > ${minTraffic}`

  const defineAlert =
    (severity: 'critical' | 'warning') =>
    (name: string, duration: string, expr: string, summary: string, description: string): Rule => ({
      alert: name,
      expr,
      for: duration,
      labels: { severity },
      annotations: { summary, description, runbook_url: `${runbook}#${name.toLowerCase()}` },
    })
  const warnIf = defineAlert('warning')
  const pageIf = defineAlert('critical')

  const lag = metricNameOf('cache.follower.lag')
  const limit = metricNameOf('cache.follower.lag.limit')
  const alerts: readonly Rule[] = [
    warnIf(
      'LarderHitRatioLow',
      '10m',
      `${hitRatioSeries} < ${minHitRatio} ${isBusy}`,
      'The cache {{ $labels.cache_name }} hits in {{ $value | humanizePercentage }} of its reads.',
      'Most reads run their functions, so the source carries most of the load.',
    ),
    warnIf(
      'LarderMemoryHigh',
      '15m',
      `${memorySeries} > ${maxMemory}`,
      'The memory of the cache {{ $labels.cache_name }} is {{ $value | humanizePercentage }} full.',
      'At the limit, the eviction policy evicts entries for new ones.',
    ),
    warnIf(
      'LarderStoreSlow',
      '5m',
      `${latencySeries} > ${maxLatency}`,
      '5 % of the {{ $labels.cache_operation }} calls to {{ $labels.cache_tier }} take more than {{ $value | humanizeDuration }}.',
      'A read that misses memory waits that long before it runs its function.',
    ),
    warnIf(
      'LarderErrors',
      '5m',
      `${errorSeries} > ${maxErrorRate} ${isBusy}`,
      'The cache {{ $labels.cache_name }} has failures in {{ $value | humanizePercentage }} of its reads.',
      'Callers do not see these failures: their reads run the functions instead. The error event has the cause.',
    ),
    pageIf(
      'LarderNotCurrent',
      '1m',
      `${lag} > ${limit} or ${limit} unless on (job, instance, cache_name) ${lag}`,
      'The process {{ $labels.instance }} cannot prove that the cache {{ $labels.cache_name }} is current.',
      'It only serves entries that it computed within maxStaleness, because others may have been invalidated. All other reads run their functions.',
    ),
    pageIf(
      'LarderCircuitOpen',
      '1m',
      `max_over_time(${metricNameOf('cache.circuit.open')}[1m]) == 1`,
      'The circuit breaker of {{ $labels.instance }} for {{ $labels.cache_tier }} is open, because calls keep failing.',
      'Reads are answered from memory if it is proven current, and run their functions otherwise.',
    ),
    warnIf(
      'LarderOutboxGrowing',
      '5m',
      `${metricNameOf('cache.outbox.size')} > 0`,
      '{{ $value }} invalidations in {{ $labels.instance }} are queued for the log of {{ $labels.cache_name }}.',
      'They are in effect in that process, and take effect in the others when the log is reachable again.',
    ),
    warnIf(
      'LarderLogDiverged',
      '0m',
      `increase(${metricNameOf('cache.divergences')}[15m]) > 0`,
      'The log of the cache {{ $labels.cache_name }} had lost records.',
      'The records were reissued. A failover or a flush causes this; without either, find out which client deletes the keys of the log.',
    ),
  ]
  return {
    groups: [
      { name: 'larder.recordings', rules: recordings },
      { name: 'larder.alerts', rules: alerts },
    ],
  }
}

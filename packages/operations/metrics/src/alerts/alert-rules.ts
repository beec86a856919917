import { metric } from '../exposition/metric'

/** A rule that computes a series, or one that wakes somebody up. In the shape of a Prometheus rule file. */
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

/** A rule file of Prometheus. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}

/** When to wake somebody up. */
export interface AlertOptions {
  /** Where the runbook is; each alert names its section. @defaultValue 'docs/operate/runbook.md' */
  readonly runbook?: string | undefined
  /** Hits of all reads at least, 0 to 1. @defaultValue 0.6 */
  readonly minHitRatio?: number | undefined
  /** Memory used of what is allowed at most, 0 to 1. @defaultValue 0.8 */
  readonly maxMemory?: number | undefined
  /** How long 95 % of the calls of a store may take, in seconds. @defaultValue 0.2 */
  readonly maxLatency?: number | undefined
  /** Failures per read at most, 0 to 1. @defaultValue 0.01 */
  readonly maxErrorRate?: number | undefined
  /** Reads per second below which ratios say nothing. @defaultValue 1 */
  readonly minTraffic?: number | undefined
}

const requests = metric('cache.requests')
const ratio = 'cache:hit_ratio:rate5m'
const traffic = 'cache:requests:rate5m'
const latency = 'cache:store_duration_seconds:p95_rate5m'
const errors = 'cache:error_ratio:rate5m'
const memory = 'cache:memory_usage:ratio'

/** Rates of counters, added up over everything but the process and the cache. */
const rate = (selector: string) => `sum without (cache_result, cache_tier) (rate(${selector}[5m]))`

const recordings: readonly Rule[] = [
  { record: traffic, expr: rate(requests) },
  { record: ratio, expr: `${rate(`${requests}{cache_result=~"hit|stale"}`)} / (${rate(requests)} > 0)` },
  {
    record: errors,
    expr: `rate(${metric('cache.errors')}[5m]) / on (job, instance, cache_name) (${rate(requests)} > 0)`,
  },
  { record: memory, expr: `${metric('cache.memory.usage')} / (${metric('cache.memory.limit')} > 0)` },
  {
    record: latency,
    expr: `histogram_quantile(0.95, sum without (cache_outcome) (rate(${metric('cache.store.duration')}_bucket[5m])))`,
  },
]

/**
 * Alerts for Prometheus, and the series they look at. Larder's own metrics are meant, from `prometheusMetrics` or from
 * OpenTelemetry's exporter with units in names.
 */
export function alertRules(options: AlertOptions = {}): RuleFile {
  const { runbook = 'docs/operate/runbook.md', minHitRatio = 0.6, maxMemory = 0.8 } = options
  const { maxLatency = 0.2, maxErrorRate = 0.01, minTraffic = 1 } = options
  const busy = `and on (job, instance, cache_name) ${traffic} > ${minTraffic}`

  const alert =
    (severity: 'critical' | 'warning') =>
    (name: string, wait: string, expr: string, summary: string, description: string): Rule => ({
      alert: name,
      expr,
      for: wait,
      labels: { severity },
      annotations: { summary, description, runbook_url: `${runbook}#${name.toLowerCase()}` },
    })
  const warning = alert('warning')
  const critical = alert('critical')

  const lag = metric('cache.follower.lag')
  const limit = metric('cache.follower.lag.limit')
  const alerts: readonly Rule[] = [
    warning(
      'LarderHitRatioLow',
      '10m',
      `${ratio} < ${minHitRatio} ${busy}`,
      'The cache {{ $labels.cache_name }} hits in {{ $value | humanizePercentage }} of its reads.',
      'Most reads run their functions: the source carries the load that the cache should.',
    ),
    warning(
      'LarderMemoryHigh',
      '15m',
      `${memory} > ${maxMemory}`,
      'The memory of the cache {{ $labels.cache_name }} is {{ $value | humanizePercentage }} full.',
      'Beyond its limit, the entries used least are removed to make room.',
    ),
    warning(
      'LarderStoreSlow',
      '5m',
      `${latency} > ${maxLatency}`,
      '5 % of the {{ $labels.cache_operation }} calls to {{ $labels.cache_tier }} take more than {{ $value | humanizeDuration }}.',
      'Reads that are not answered from memory wait that long before they run their functions.',
    ),
    warning(
      'LarderErrors',
      '5m',
      `${errors} > ${maxErrorRate} ${busy}`,
      'The cache {{ $labels.cache_name }} has failures in {{ $value | humanizePercentage }} of its reads.',
      'No caller hears of them: reads run their functions instead. The error event says what fails.',
    ),
    critical(
      'LarderNotCurrent',
      '1m',
      `${lag} > ${limit} or ${limit} unless on (job, instance, cache_name) ${lag}`,
      'The process {{ $labels.instance }} cannot prove that the cache {{ $labels.cache_name }} is current.',
      'It serves nothing that others may have invalidated: only what it computed within maxStaleness, and its functions answer the rest.',
    ),
    critical(
      'LarderCircuitOpen',
      '1m',
      `max_over_time(${metric('cache.circuit.open')}[1m]) == 1`,
      '{{ $labels.cache_tier }} is left alone by {{ $labels.instance }}, because it keeps failing.',
      'Reads are answered from memory where that is proven current, and by their functions otherwise.',
    ),
    warning(
      'LarderOutboxGrowing',
      '5m',
      `${metric('cache.outbox.size')} > 0`,
      '{{ $value }} invalidations of {{ $labels.instance }} wait for the log of {{ $labels.cache_name }}.',
      'They are in force in that process; the others hear of them when the log is back.',
    ),
    warning(
      'LarderLogDiverged',
      '0m',
      `increase(${metric('cache.divergences')}[15m]) > 0`,
      'The log of the cache {{ $labels.cache_name }} had lost records.',
      'It was told them again. A failover or a flush does that; without one, find out who deletes its keys.',
    ),
  ]
  return {
    groups: [
      { name: 'larder.recordings', rules: recordings },
      { name: 'larder.alerts', rules: alerts },
    ],
  }
}

/** The values of a series before and during an incident: per minute for a counter. `undefined` ends the series. */
type Change = readonly [before: number, during: number | undefined] | string

interface Metric {
  readonly name: string
  readonly labels?: string
  readonly kind: 'counter' | 'gauge'
  readonly value: number
}

/** Hours of health, so that comparisons with the last day have something to compare with, and then an hour of the incident. */
const healthyMinutes = 360
const incidentMinutes = 45
export const endOfIncident = `${healthyMinutes + incidentMinutes}m`

const counter = (name: string, labels: string, value: number): Metric => ({
  name,
  labels,
  kind: 'counter',
  value,
})
const gauge = (name: string, labels: string, value: number): Metric => ({
  name,
  labels,
  kind: 'gauge',
  value,
})
const ofFunction = (name: string, more: string) => `cache_function="${name}", ${more}`
const call = (operation: string, more: string) =>
  `cache_tier="redis", cache_operation="${operation}", ${more}`

/** The metrics of one process of a healthy service: 100 reads per second, 90 % hits. */
const healthyProcess = {
  'hits of load': counter(
    'cache_requests_total',
    ofFunction('load', 'cache_result="hit", cache_tier="memory"'),
    4_860,
  ),
  'misses of load': counter(
    'cache_requests_total',
    ofFunction('load', 'cache_result="miss", cache_reason="expired"'),
    540,
  ),
  'hits of list': counter(
    'cache_requests_total',
    ofFunction('list', 'cache_result="hit", cache_tier="memory"'),
    540,
  ),
  'misses of list': counter(
    'cache_requests_total',
    ofFunction('list', 'cache_result="miss", cache_reason="absent"'),
    60,
  ),
  'misses without a rule': counter(
    'cache_requests_total',
    ofFunction('http/*', 'cache_result="miss", cache_reason="absent"'),
    0,
  ),
  'values of load': counter('cache_computes_total', ofFunction('load', 'cache_outcome="value"'), 540),
  'errors of load': counter('cache_computes_total', ofFunction('load', 'cache_outcome="error"'), 0),
  'values of list': counter('cache_computes_total', ofFunction('list', 'cache_outcome="value"'), 60),
  'p95 of load': gauge('cache_compute_quantile_seconds', ofFunction('load', 'cache_quantile="0.95"'), 0.005),
  'p95 of list': gauge('cache_compute_quantile_seconds', ofFunction('list', 'cache_quantile="0.95"'), 0.005),
  'stored of load': counter('cache_fills_total', ofFunction('load', 'cache_outcome="stored"'), 540),
  'stored of list': counter('cache_fills_total', ofFunction('list', 'cache_outcome="stored"'), 60),
  'skipped of list': counter('cache_fills_total', ofFunction('list', 'cache_outcome="skipped"'), 0),
  evictions: counter('cache_evictions_total', '', 30),
  invalidations: counter('cache_invalidations_total', 'cache_outcome="applied"', 60),
  divergences: counter('cache_divergences_total', '', 0),
  mismatches: counter('cache_audited_total', 'cache_outcome="different"', 0),
  outbox: gauge('cache_outbox_size', '', 0),
  lag: gauge('cache_follower_lag_seconds', '', 0.4),
  'lag limit': gauge('cache_follower_lag_limit_seconds', '', 2),
  'entries open': gauge('cache_circuit_open', 'cache_tier="redis (entries)"', 0),
  'log open': gauge('cache_circuit_open', 'cache_tier="redis (log)"', 0),
  'leases open': gauge('cache_circuit_open', 'cache_tier="redis (leases)"', 0),
  'gets ok': counter('cache_store_duration_seconds_count', call('get', 'cache_outcome="ok"'), 600),
  'gets failed': counter('cache_store_duration_seconds_count', call('get', 'cache_outcome="error"'), 0),
  'sets ok': counter('cache_store_duration_seconds_count', call('set', 'cache_outcome="ok"'), 600),
  'sets failed': counter('cache_store_duration_seconds_count', call('set', 'cache_outcome="error"'), 0),
  'log ok': counter('cache_store_duration_seconds_count', call('log', 'cache_outcome="ok"'), 75),
  'log failed': counter('cache_store_duration_seconds_count', call('log', 'cache_outcome="error"'), 0),
  'fast gets': counter(
    'cache_store_duration_seconds_bucket',
    call('get', 'cache_outcome="ok", le="0.2"'),
    600,
  ),
  'all gets': counter(
    'cache_store_duration_seconds_bucket',
    call('get', 'cache_outcome="ok", le="0.5"'),
    600,
  ),
  'endless gets': counter(
    'cache_store_duration_seconds_bucket',
    call('get', 'cache_outcome="ok", le="+Inf"'),
    600,
  ),
} satisfies Record<string, Metric>

/** The differences from the healthy service, by the name of the series. */
export type Incident = Partial<Record<keyof typeof healthyProcess, Change>>

/** The series of all processes of a service, in promtool's notation. `incidents` are those of the first processes. */
export function simulateService(
  incidents: readonly Incident[],
  { processes = 2, labels = 'job="app", cluster="eu"' } = {},
) {
  return Array.from({ length: processes }, (_, index) => {
    const incident = incidents[Math.min(index, incidents.length - 1)] ?? {}
    return Object.entries(healthyProcess).map(([key, metric]: [string, Metric]) => {
      const own = `${labels}, instance="app-${index}", cache_name="shop"`
      const all = metric.labels ? `${own}, ${metric.labels}` : own
      const change = incident[key as keyof Incident] ?? [metric.value, metric.value]
      return { series: `${metric.name}{${all}}`, values: toNotation(metric.kind, change) }
    })
  }).flat()
}

function toNotation(kind: Metric['kind'], change: Change): string {
  if (typeof change === 'string') return change
  const [before, during] = change
  const growth = kind === 'counter' ? before : 0
  const start = kind === 'counter' ? before * healthyMinutes : during
  const after =
    during === undefined
      ? `_x${incidentMinutes + 1}`
      : `${start}+${kind === 'counter' ? during : 0}x${incidentMinutes}`
  return `${kind === 'counter' ? 0 : before}+${growth}x${healthyMinutes - 1} ${after}`
}

/** A gauge that takes one of two values after another during the incident. */
export const alternateValues = (before: number, values: readonly number[]) =>
  `${before}x${healthyMinutes - 1} ${Array.from({ length: incidentMinutes + 1 }, (_, minute) => values[minute % values.length]).join(' ')}`

/** A series with these values at the end of the incident. */
export const endingWith = (before: number, values: readonly number[]) =>
  `${before}x${healthyMinutes + incidentMinutes - values.length} ${values.join(' ')}`

/** A counter that begins with the incident, and grows by `growth` per minute. */
export const sinceIncident = (growth: number) => `_x${healthyMinutes} 0+${growth}x${incidentMinutes}`

/** A gauge that begins with the incident. */
export const gaugeSinceIncident = (value: number) => `_x${healthyMinutes} ${value}x${incidentMinutes}`

import { instruments, type MetricDefinition } from '@larder/core'

/** OpenTelemetry units that are part of a name in Prometheus. A unit in braces names the counted thing, and is not. */
const unitSuffixes: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }

/**
 * The Prometheus name of a metric, as OpenTelemetry translates it: `cache.requests` is `cache_requests_total`,
 * `cache.follower.lag` is `cache_follower_lag_seconds`.
 */
export function metricName(
  { name, unit, kind }: Pick<MetricDefinition, 'name' | 'unit' | 'kind'>,
  hasUnit = true,
): string {
  const suffix = hasUnit ? (unitSuffixes[unit] ?? '') : ''
  return `${replaceDots(name)}${suffix}${kind === 'counter' ? '_total' : ''}`
}

/**
 * The Prometheus name of the metric with this name, so that alerts and panels cannot query a metric that nobody records.
 * @param metrics - Those of the service that queries; by default those of a cache.
 * @param hasUnit - Whether the name ends in its unit; OpenTelemetry's own Prometheus exporter for Node leaves it out.
 * @throws TypeError for an unknown name.
 */
export function metricNameOf(
  name: string,
  hasUnit = true,
  metrics: readonly Pick<MetricDefinition, 'name' | 'unit' | 'kind'>[] = instruments,
): string {
  const metric = metrics.find((candidate) => candidate.name === name)
  if (metric === undefined) throw new TypeError(`Unknown metric "${name}".`)
  return metricName(metric, hasUnit)
}

export function labelName(name: string): string {
  return replaceDots(name)
}

const replaceDots = (name: string) => name.replaceAll('.', '_')

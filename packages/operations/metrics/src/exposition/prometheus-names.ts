import type { Instrument } from '@larder/core'

/** Units of OpenTelemetry that are part of a name in Prometheus. Those in braces say what is counted, and are not. */
const suffixes: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }

/**
 * The name of a metric in Prometheus, as OpenTelemetry's own translation makes it: `cache.requests` is
 * `cache_requests_total`, `cache.follower.lag` is `cache_follower_lag_seconds`.
 */
export function metricName({ name, unit, kind }: Pick<Instrument, 'name' | 'unit' | 'kind'>): string {
  return `${underscored(name)}${suffixes[unit] ?? ''}${kind === 'counter' ? '_total' : ''}`
}

export function labelName(name: string): string {
  return underscored(name)
}

const underscored = (name: string) => name.replaceAll('.', '_')

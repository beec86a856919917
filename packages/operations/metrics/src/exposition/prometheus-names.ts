import { type Instrument, instruments } from '@larder/core'

/** OpenTelemetry units that are part of a name in Prometheus. A unit in braces names the counted thing, and is not. */
const unitSuffixes: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }

/**
 * The Prometheus name of an instrument, as OpenTelemetry translates it: `cache.requests` is `cache_requests_total`,
 * `cache.follower.lag` is `cache_follower_lag_seconds`.
 */
export function metricName(
  { name, unit, kind }: Pick<Instrument, 'name' | 'unit' | 'kind'>,
  hasUnit = true,
): string {
  const suffix = hasUnit ? (unitSuffixes[unit] ?? '') : ''
  return `${replaceDots(name)}${suffix}${kind === 'counter' ? '_total' : ''}`
}

/**
 * The Prometheus name of the instrument with this name, so that alerts and panels cannot query a metric that core does not
 * record.
 * @param hasUnit - Whether the name ends in its unit; OpenTelemetry's own Prometheus exporter for Node leaves it out.
 * @throws TypeError for an unknown name.
 */
export function metricNameOf(name: string, hasUnit = true): string {
  const instrument = instruments.find((candidate) => candidate.name === name)
  if (instrument === undefined) throw new TypeError(`Unknown metric "${name}".`)
  return metricName(instrument, hasUnit)
}

export function labelName(name: string): string {
  return replaceDots(name)
}

const replaceDots = (name: string) => name.replaceAll('.', '_')

import { libraries } from './libraries'
import { median } from './median'
import type { Samples } from './workload'

/** Samples of every participant, one for each round. A participant that failed has none. */
export type Results = ReadonlyMap<string, readonly Samples[]>

/** The median of a metric over the rounds. */
export function medianOf(results: Results, participant: string, metric: string): number {
  return median(samplesOf(results, participant, metric))
}

/** The greatest of a metric over the rounds: for what must never be more. `NaN` for none. */
export function greatestOf(results: Results, participant: string, metric: string): number {
  const samples = samplesOf(results, participant, metric)
  return samples.length === 0 ? Number.NaN : Math.max(...samples)
}

/**
 * How often a metric of one participant is that of another: the median of the ratios of the rounds, because the two of
 * one round were measured next to each other.
 */
export function ratioOf(
  results: Results,
  [participant, metric]: readonly [string, string],
  [other, otherMetric = metric]: readonly [string, string?],
): number {
  const others = samplesOf(results, other, otherMetric)
  const ratios = samplesOf(results, participant, metric).flatMap((sample, round) => {
    const reference = others[round]
    return reference === undefined ? [] : [sample / reference]
  })
  return median(ratios)
}

/** The peer that is best at a metric, of those that took part. */
export function bestPeer(results: Results, metric: string, better: 'more' | 'less'): string | undefined {
  const measured = libraries
    .filter(({ role, name }) => role === 'peer' && results.has(name))
    .map(({ name }) => ({ name, value: medianOf(results, name, metric) }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => (better === 'more' ? b.value - a.value : a.value - b.value))
  return measured[0]?.name
}

/** A metric of Larder in relation to that of the best peer. `NaN` if no peer took part. */
export function ratioToBestPeer(
  results: Results,
  metric: string,
  better: 'more' | 'less',
  participant = 'larder',
): number {
  const peer = bestPeer(results, metric, better)
  return peer === undefined ? Number.NaN : ratioOf(results, [participant, metric], [peer])
}

function samplesOf(results: Results, participant: string, metric: string): number[] {
  return (results.get(participant) ?? []).flatMap((samples) => samples[metric] ?? [])
}

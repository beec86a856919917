import { libraries } from './libraries'
import { median } from './median'
import type { Samples } from './samples'

/** The samples of every participant, one per round. A participant that failed is absent. */
export type Results = ReadonlyMap<string, readonly Samples[]>

/** The median of a metric over the rounds. */
export function medianOf(results: Results, participant: string, metric: string): number {
  return median(samplesOf(results, participant, metric))
}

/** The greatest value of a metric over the rounds, for upper bounds. `NaN` without samples. */
export function greatestOf(results: Results, participant: string, metric: string): number {
  const samples = samplesOf(results, participant, metric)
  return samples.length === 0 ? Number.NaN : Math.max(...samples)
}

/**
 * The ratio of two participants' metrics: the median of the ratios per round, because samples of the same round were
 * measured under the same conditions.
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

/** The peer with the best median of a metric. */
export function bestPeer(results: Results, metric: string, better: 'more' | 'less'): string | undefined {
  const measured = libraries
    .filter(({ role, name }) => role === 'peer' && results.has(name))
    .map(({ name }) => ({ name, value: medianOf(results, name, metric) }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => (better === 'more' ? b.value - a.value : a.value - b.value))
  return measured[0]?.name
}

/** Larder's metric divided by the best peer's. `NaN` without peers. */
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

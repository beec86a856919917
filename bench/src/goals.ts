import { greatestOf, medianOf, ratioOf, ratioToBestPeer } from './results'
import type { Goal } from './workload'

type Kind = Goal['kind']

/** A goal as the table writes it. The measured participant is Larder. */
export const atLeast = (least: number) => ({
  goal: `≥ ${least}`,
  holds: (measured: number) => measured >= least,
})

export const atMost = (most: number, unit = '') => ({
  goal: `≤ ${most}${unit && ` ${unit}`}`,
  holds: (measured: number) => measured <= most,
  ...(unit && { unit }),
})

/** Larder's rate divided by the limit's rate. */
export function shareOfLimit(metric: string, least: number, limit: string, participant = 'larder'): Goal {
  return {
    of: metric,
    kind: 'time',
    ...atLeast(least),
    goal: `≥ ${least.toFixed(2)} of ${limit}`,
    evaluate: (results) => ratioOf(results, [participant, metric], [limit]),
  }
}

/** Larder is better than every peer. */
export function aheadOfPeers(metric: string, better: 'more' | 'less', participant = 'larder'): Goal {
  return {
    of: metric,
    kind: 'time',
    goal: better === 'more' ? '> 1 of the best peer' : '< 1 of the best peer',
    evaluate: (results) => ratioToBestPeer(results, metric, better, participant),
    holds: (ratio) => (better === 'more' ? ratio > 1 : ratio < 1),
  }
}

/** Larder's greatest sample is at most `most`. */
export function greatestAtMost(metric: string, most: number, kind: Kind, unit = ''): Goal {
  return {
    of: metric,
    kind,
    ...atMost(most, unit),
    evaluate: (results) => greatestOf(results, 'larder', metric),
  }
}

/** Larder's median is at most `most`. */
export function medianAtMost(metric: string, most: number, kind: Kind, unit = ''): Goal {
  return {
    of: metric,
    kind,
    ...atMost(most, unit),
    evaluate: (results) => medianOf(results, 'larder', metric),
  }
}

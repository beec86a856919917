import { greatestOf, medianOf, ratioOf, ratioToBestPeer } from './results'
import type { Goal } from './workload'

type Kind = Goal['kind']

/** Goals in the words of the table. Larder's own name is understood. */
export const atLeast = (least: number) => ({
  goal: `≥ ${least}`,
  holds: (measured: number) => measured >= least,
})

export const atMost = (most: number, unit = '') => ({
  goal: `≤ ${most}${unit && ` ${unit}`}`,
  holds: (measured: number) => measured <= most,
  ...(unit && { unit }),
})

/** A rate of Larder in relation to the limit's. */
export function shareOfLimit(metric: string, least: number, limit: string, participant = 'larder'): Goal {
  return {
    of: metric,
    kind: 'time',
    ...atLeast(least),
    goal: `≥ ${least.toFixed(2)} of ${limit}`,
    measure: (results) => ratioOf(results, [participant, metric], [limit]),
  }
}

/** Larder ahead of every peer. */
export function aheadOfPeers(metric: string, better: 'more' | 'less', participant = 'larder'): Goal {
  return {
    of: metric,
    kind: 'time',
    goal: better === 'more' ? '> 1 of the best peer' : '< 1 of the best peer',
    measure: (results) => ratioToBestPeer(results, metric, better, participant),
    holds: (ratio) => (better === 'more' ? ratio > 1 : ratio < 1),
  }
}

/** A metric of Larder that is never more. */
export function neverMore(metric: string, most: number, kind: Kind, unit = ''): Goal {
  return {
    of: metric,
    kind,
    ...atMost(most, unit),
    measure: (results) => greatestOf(results, 'larder', metric),
  }
}

/** A metric of Larder whose median is not more. */
export function medianAtMost(metric: string, most: number, kind: Kind, unit = ''): Goal {
  return {
    of: metric,
    kind,
    ...atMost(most, unit),
    measure: (results) => medianOf(results, 'larder', metric),
  }
}

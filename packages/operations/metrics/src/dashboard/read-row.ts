import { withRule } from '../request-matchers'
import type { Row } from './panels'
import { type CacheTerms, quantileLines, served } from './queries'

/** Reads and computations. */
export const readRow: Row<CacheTerms> = {
  title: 'Reads',
  panels: [
    {
      title: 'Hit ratio',
      description:
        'Reads served without running their functions, of all but requests that no HTTP rule is for.',
      unit: 'percentunit',
      lines: [
        {
          createQuery: ({ sumRate }) =>
            `${sumRate('cache.requests', 'cache_name', `${served},${withRule}`)} / (${sumRate('cache.requests', 'cache_name', withRule)} > 0)`,
          legend: '{{cache_name}}',
        },
      ],
    },
    {
      title: 'Reads by result',
      description: 'Hits by the tier that had the entry, stale values, and misses.',
      unit: 'reqps',
      lines: [
        {
          createQuery: ({ sumRate }) => sumRate('cache.requests', 'cache_result, cache_tier'),
          legend: '{{cache_result}} {{cache_tier}}',
        },
      ],
    },
    {
      title: 'Computations',
      description: 'How the cached functions ended; refreshes run in the background.',
      unit: 'ops',
      lines: [
        {
          createQuery: ({ sumRate }) => sumRate('cache.computes', 'cache_outcome'),
          legend: '{{cache_outcome}}',
        },
        {
          createQuery: ({ sumRate }) => sumRate('cache.refreshes', 'cache_name'),
          legend: 'refreshes of {{cache_name}}',
        },
      ],
    },
    {
      title: 'Duration of computations',
      description: 'The cost of a miss.',
      unit: 's',
      lines: quantileLines('cache.compute.duration'),
    },
    {
      title: 'Shared computations',
      description: 'Callers that joined the computation of another caller, and running computations.',
      unit: 'short',
      lines: [
        {
          createQuery: ({ sumRate }) => sumRate('cache.joins', 'cache_name'),
          legend: 'joins per second, {{cache_name}}',
        },
        {
          createQuery: ({ sumGauge }) => sumGauge('cache.flights', 'cache_name'),
          legend: 'running, {{cache_name}}',
        },
      ],
    },
    {
      title: 'Time spent in joins',
      description: 'How long callers waited for the computation of another caller.',
      unit: 's',
      lines: quantileLines('cache.join.duration'),
    },
  ],
}

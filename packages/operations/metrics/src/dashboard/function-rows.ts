import type { Row } from './panels'
import { type CacheTerms, functionSelector, served } from './queries'

const legend = '{{cache_function}}'

/** Panels with one line for each wrapped function, route and namespace. */
export const functionRows: readonly Row<CacheTerms>[] = [
  {
    title: 'Functions',
    panels: [
      {
        title: 'Hit ratio by function',
        description: 'Below 1 %, see LarderFunctionNeverHits in the runbook.',
        unit: 'percentunit',
        lines: [
          {
            createQuery: ({ functionRate }) =>
              `${functionRate('cache.requests', 'cache_function', served)} / (${functionRate('cache.requests', 'cache_function')} > 0)`,
            legend,
          },
        ],
      },
      {
        title: 'Time spent computing by function',
        description: 'Seconds of computing per second: misses times their cost. Begin with the highest.',
        unit: 's',
        lines: [
          { createQuery: ({ functionRate }) => functionRate('cache.compute.time', 'cache_function'), legend },
        ],
      },
      {
        title: 'Duration by function',
        description:
          'The cost of one miss: the mean, and the 95th percentile. See LarderSourceSlow in the runbook.',
        unit: 's',
        lines: [
          {
            createQuery: ({ metric }) =>
              `avg by (cache_function) (${metric('cache.compute.quantile')}{${functionSelector},cache_quantile="0.95"})`,
            legend: '{{cache_function}} p95',
          },
          {
            createQuery: ({ functionRate }) =>
              `${functionRate('cache.compute.time', 'cache_function')} / (${functionRate('cache.computes', 'cache_function')} > 0)`,
            legend,
          },
        ],
      },
      {
        title: 'Misses by reason',
        description: 'absent: no entry; forced: the caller asked for a new value; unproven: the log is away.',
        unit: 'reqps',
        lines: [
          {
            createQuery: ({ functionRate }) =>
              functionRate('cache.requests', 'cache_function, cache_reason', 'cache_result="miss"'),
            legend: '{{cache_function}} {{cache_reason}}',
          },
        ],
      },
      {
        title: 'Values that were not kept',
        description: 'Skipped by an option, or outdated by an invalidation during the computation.',
        unit: 'ops',
        lines: [
          {
            createQuery: ({ functionRate }) =>
              functionRate('cache.fills', 'cache_function, cache_outcome', 'cache_outcome!="stored"'),
            legend: '{{cache_function}} {{cache_outcome}}',
          },
        ],
      },
      {
        title: 'Age of what is served',
        description: 'A moving average of a sample of the hits.',
        unit: 's',
        lines: [
          {
            createQuery: ({ metric }) =>
              `max by (cache_function) (${metric('cache.served.age')}{${functionSelector}})`,
            legend,
          },
        ],
      },
      {
        title: 'Failed computations by function',
        description: 'See LarderSourceFailing in the runbook.',
        unit: 'ops',
        lines: [
          {
            createQuery: ({ functionRate }) =>
              functionRate('cache.computes', 'cache_function, cache_outcome', 'cache_outcome!="value"'),
            legend: '{{cache_function}} {{cache_outcome}}',
          },
        ],
      },
      {
        title: 'Bytes written by function',
        description: 'Compressed, to shared stores.',
        unit: 'Bps',
        lines: [
          { createQuery: ({ functionRate }) => functionRate('cache.written', 'cache_function'), legend },
        ],
      },
    ],
  },
]

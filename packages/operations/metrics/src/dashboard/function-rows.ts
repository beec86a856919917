import { metricNameOf } from '../exposition/prometheus-names'
import type { Row } from './panels'
import { functionRate, functionSelector, served } from './queries'

const legend = '{{cache_function}}'

/** Panels with one line for each wrapped function, route and namespace. */
export const functionRows: readonly Row[] = [
  {
    title: 'Functions',
    panels: [
      {
        title: 'Hit ratio by function',
        description: 'Below 1 %, see LarderFunctionNeverHits in the runbook.',
        unit: 'percentunit',
        lines: [
          {
            expr: `${functionRate('cache.requests', 'cache_function', served)} / (${functionRate('cache.requests', 'cache_function')} > 0)`,
            legend,
          },
        ],
      },
      {
        title: 'Time spent computing by function',
        description: 'Seconds of computing per second: misses times their cost. Begin with the highest.',
        unit: 's',
        lines: [{ expr: functionRate('cache.compute.time', 'cache_function'), legend }],
      },
      {
        title: 'Duration by function',
        description:
          'The cost of one miss: the mean, and the 95th percentile. See LarderSourceSlow in the runbook.',
        unit: 's',
        lines: [
          {
            expr: `avg by (cache_function) (${metricNameOf('cache.compute.quantile')}{${functionSelector},cache_quantile="0.95"})`,
            legend: '{{cache_function}} p95',
          },
          {
            expr: `${functionRate('cache.compute.time', 'cache_function')} / (${functionRate('cache.computes', 'cache_function')} > 0)`,
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
            expr: functionRate('cache.requests', 'cache_function, cache_reason', ',cache_result="miss"'),
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
            expr: functionRate('cache.fills', 'cache_function, cache_outcome', ',cache_outcome!="stored"'),
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
            expr: `max by (cache_function) (${metricNameOf('cache.served.age')}{${functionSelector}})`,
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
            expr: functionRate('cache.computes', 'cache_function, cache_outcome', ',cache_outcome!="value"'),
            legend: '{{cache_function}} {{cache_outcome}}',
          },
        ],
      },
      {
        title: 'Bytes written by function',
        description: 'Compressed, to shared stores.',
        unit: 'Bps',
        lines: [{ expr: functionRate('cache.written', 'cache_function'), legend }],
      },
    ],
  },
]

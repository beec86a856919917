import { withRule } from '../request-matchers'
import { functionRows } from './function-rows'
import { overviewRow } from './overview-row'
import type { Row } from './panels'
import { type CacheTerms, interval, quantileLines, selector, served } from './queries'
import { serverRow } from './server-row'

/** The rows of the dashboard: whether the cache works and what it saves, each function, and then the internals. */
export const rows: readonly Row<CacheTerms>[] = [
  overviewRow,
  ...functionRows,
  {
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
  },
  {
    title: 'Stores',
    panels: [
      {
        title: 'Latency, 95 %, by operation',
        description: 'Calls to shared stores. Calls that exceed storeTimeout count as failed.',
        unit: 's',
        lines: [
          {
            createQuery: ({ quantileOf }) =>
              quantileOf('cache.store.duration', 0.95, 'cache_tier, cache_operation'),
            legend: '{{cache_tier}} {{cache_operation}}',
          },
        ],
      },
      {
        title: 'Calls by outcome',
        description: 'Calls to shared stores per second.',
        unit: 'ops',
        lines: [
          {
            createQuery: ({ metric }) =>
              `sum by (cache_tier, cache_outcome) (rate(${metric('cache.store.duration')}_count{${selector}}${interval}))`,
            legend: '{{cache_tier}} {{cache_outcome}}',
          },
        ],
      },
      {
        title: 'Circuits',
        description: '1 while the circuit breaker of a store is open, because calls keep failing.',
        unit: 'short',
        lines: [
          {
            createQuery: ({ metric }) =>
              `max by (instance, cache_tier) (${metric('cache.circuit.open')}{${selector}})`,
            legend: '{{instance}} {{cache_tier}}',
          },
        ],
      },
      {
        title: 'Errors and unreadable entries',
        description: 'Failures that callers do not see.',
        unit: 'ops',
        lines: [
          {
            createQuery: ({ sumRate }) => sumRate('cache.errors', 'cache_name'),
            legend: 'errors, {{cache_name}}',
          },
          {
            createQuery: ({ sumRate }) => sumRate('cache.unreadable', 'cache_name'),
            legend: 'unreadable, {{cache_name}}',
          },
        ],
      },
      {
        title: 'Memory',
        description: 'Estimated size of the entries in each process, and its limit.',
        unit: 'bytes',
        lines: [
          {
            createQuery: ({ sumGauge }) => sumGauge('cache.memory.usage', 'instance, cache_name'),
            legend: '{{cache_name}} on {{instance}}',
          },
          {
            createQuery: ({ metric }) => `max by (cache_name) (${metric('cache.memory.limit')}{${selector}})`,
            legend: 'limit of {{cache_name}}',
          },
        ],
      },
      {
        title: 'Entries in memory, and evictions',
        description: 'Evictions per second are entries that the eviction policy removed for others.',
        unit: 'short',
        lines: [
          {
            createQuery: ({ sumGauge }) => sumGauge('cache.entries', 'cache_name'),
            legend: 'entries, {{cache_name}}',
          },
          {
            createQuery: ({ sumGauge }) => sumGauge('cache.entries.limit', 'cache_name'),
            legend: 'limit, {{cache_name}}',
          },
          {
            createQuery: ({ sumRate }) => sumRate('cache.evictions', 'cache_name'),
            legend: 'evictions, {{cache_name}}',
          },
        ],
      },
      {
        title: 'Size of entries written',
        description: 'Compressed size in shared stores.',
        unit: 'bytes',
        lines: quantileLines('cache.entry.size'),
      },
      {
        title: 'Fills',
        description:
          'Outcomes of storing computed values: outdated ones were invalidated during the computation.',
        unit: 'ops',
        lines: [
          {
            createQuery: ({ sumRate }) => sumRate('cache.fills', 'cache_outcome'),
            legend: '{{cache_outcome}}',
          },
        ],
      },
    ],
  },
  {
    title: 'Invalidation',
    panels: [
      {
        title: 'Invalidations',
        description: 'Invalidations per process: applied ones are in the log, queued ones wait for it.',
        unit: 'ops',
        lines: [
          {
            createQuery: ({ sumRate }) => sumRate('cache.invalidations', 'cache_outcome'),
            legend: '{{cache_outcome}}',
          },
        ],
      },
      {
        title: 'Propagation',
        description: 'Delay of invalidations from the log to the other processes.',
        unit: 's',
        lines: quantileLines('cache.invalidation.delay'),
      },
      {
        title: 'Lag',
        description:
          'Time since each process was last proven current. Above the limit, reads wait for the log.',
        unit: 's',
        lines: [
          {
            createQuery: ({ metric }) =>
              `max by (instance, cache_name) (${metric('cache.follower.lag')}{${selector}})`,
            legend: '{{cache_name}} on {{instance}}',
          },
          {
            createQuery: ({ metric }) =>
              `max by (cache_name) (${metric('cache.follower.lag.limit')}{${selector}})`,
            legend: 'limit of {{cache_name}}',
          },
        ],
      },
      {
        title: 'Outbox, syncs and divergences',
        description: 'Invalidations queued for the log, reads of the log, and how often it had lost records.',
        unit: 'short',
        lines: [
          {
            createQuery: ({ sumGauge }) => sumGauge('cache.outbox.size', 'cache_name'),
            legend: 'queued, {{cache_name}}',
          },
          {
            createQuery: ({ sumRate }) => sumRate('cache.syncs', 'cache_outcome'),
            legend: 'syncs {{cache_outcome}}',
          },
          {
            createQuery: ({ sumRate }) => sumRate('cache.divergences', 'cache_name'),
            legend: 'divergences, {{cache_name}}',
          },
        ],
      },
      {
        title: 'Audited entries of the last day',
        description:
          'different: a write does not invalidate what it changes. See LarderAuditMismatch in the runbook.',
        unit: 'short',
        lines: [
          {
            createQuery: ({ metric }) =>
              `sum by (cache_name, cache_outcome) (increase(${metric('cache.audited')}{${selector}}[1d]))`,
            legend: '{{cache_name}} {{cache_outcome}}',
          },
        ],
      },
    ],
  },
  serverRow,
]

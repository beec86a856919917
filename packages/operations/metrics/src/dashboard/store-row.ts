import type { Row } from './panels'
import { type CacheTerms, interval, quantileLines, selector } from './queries'

/** Calls to stores, and the entries in them. */
export const storeRow: Row<CacheTerms> = {
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
}

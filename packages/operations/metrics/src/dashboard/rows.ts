import { metric } from '../exposition/metric'
import type { Line, Row } from './panels'

/** What the variables of the dashboard have chosen. */
const chosen = 'job=~"$job",cache_name=~"$cache"'
const every = '[$__rate_interval]'

const gauge = (name: string, by: string) => `sum by (${by}) (${metric(name)}{${chosen}})`
const rate = (name: string, by: string) => `sum by (${by}) (rate(${metric(name)}{${chosen}}${every}))`

function quantile(name: string, q: number, by: string): string {
  const rates = `sum by (${by === '' ? 'le' : `le, ${by}`}) (rate(${metric(name)}_bucket{${chosen}}${every}))`
  return `histogram_quantile(${q}, ${rates})`
}

const quantiles = (name: string): Line[] =>
  [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(name, q, ''), legend: `${q * 100} %` }))

const requests = metric('cache.requests')
const served = `sum by (cache_name) (rate(${requests}{${chosen},cache_result=~"hit|stale"}${every}))`

/** What the dashboard shows, from what users feel to what the machinery does. */
export const rows: readonly Row[] = [
  {
    title: 'Reads',
    panels: [
      {
        title: 'Hit ratio',
        description: 'Reads served without running their functions.',
        unit: 'percentunit',
        lines: [
          { expr: `${served} / (${rate('cache.requests', 'cache_name')} > 0)`, legend: '{{cache_name}}' },
        ],
      },
      {
        title: 'Reads by result',
        description: 'Hits by the tier that had the entry, stale values, and misses.',
        unit: 'reqps',
        lines: [
          {
            expr: rate('cache.requests', 'cache_result, cache_tier'),
            legend: '{{cache_result}} {{cache_tier}}',
          },
        ],
      },
      {
        title: 'Computations',
        description: 'How the functions behind the cache ended; refreshes are those nobody waited for.',
        unit: 'ops',
        lines: [
          { expr: rate('cache.computes', 'cache_outcome'), legend: '{{cache_outcome}}' },
          { expr: rate('cache.refreshes', 'cache_name'), legend: 'refreshes of {{cache_name}}' },
        ],
      },
      {
        title: 'Duration of computations',
        description: 'What a miss costs.',
        unit: 's',
        lines: quantiles('cache.compute.duration'),
      },
      {
        title: 'Shared computations',
        description: 'Callers that waited for the computation of another, and computations under way.',
        unit: 'short',
        lines: [
          { expr: rate('cache.joins', 'cache_name'), legend: 'joins per second, {{cache_name}}' },
          { expr: gauge('cache.flights', 'cache_name'), legend: 'under way, {{cache_name}}' },
        ],
      },
      {
        title: 'Time spent waiting for another',
        description: 'How long callers waited for a computation that another caller had started.',
        unit: 's',
        lines: quantiles('cache.join.duration'),
      },
    ],
  },
  {
    title: 'Stores',
    panels: [
      {
        title: 'Latency, 95 %, by operation',
        description: 'Calls of shared stores. Those that answer later than storeTimeout count as failed.',
        unit: 's',
        lines: [
          {
            expr: quantile('cache.store.duration', 0.95, 'cache_tier, cache_operation'),
            legend: '{{cache_tier}} {{cache_operation}}',
          },
        ],
      },
      {
        title: 'Calls by outcome',
        description: 'Calls of shared stores per second.',
        unit: 'ops',
        lines: [
          {
            expr: `sum by (cache_tier, cache_outcome) (rate(${metric('cache.store.duration')}_count{${chosen}}${every}))`,
            legend: '{{cache_tier}} {{cache_outcome}}',
          },
        ],
      },
      {
        title: 'Circuits',
        description: '1 while a store is left alone because it keeps failing.',
        unit: 'short',
        lines: [
          {
            expr: `max by (instance, cache_tier) (${metric('cache.circuit.open')}{${chosen}})`,
            legend: '{{instance}} {{cache_tier}}',
          },
        ],
      },
      {
        title: 'Errors and unreadable entries',
        description: 'Failures that no caller hears of.',
        unit: 'ops',
        lines: [
          { expr: rate('cache.errors', 'cache_name'), legend: 'errors, {{cache_name}}' },
          { expr: rate('cache.unreadable', 'cache_name'), legend: 'unreadable, {{cache_name}}' },
        ],
      },
      {
        title: 'Memory',
        description: 'What entries take in each process, estimated, and what they may take.',
        unit: 'bytes',
        lines: [
          {
            expr: gauge('cache.memory.usage', 'instance, cache_name'),
            legend: '{{cache_name}} on {{instance}}',
          },
          {
            expr: `max by (cache_name) (${metric('cache.memory.limit')}{${chosen}})`,
            legend: 'limit of {{cache_name}}',
          },
        ],
      },
      {
        title: 'Entries in memory, and evictions',
        description: 'Evictions per second are entries that made room for others.',
        unit: 'short',
        lines: [
          { expr: gauge('cache.entries', 'cache_name'), legend: 'entries, {{cache_name}}' },
          { expr: gauge('cache.entries.limit', 'cache_name'), legend: 'limit, {{cache_name}}' },
          { expr: rate('cache.evictions', 'cache_name'), legend: 'evictions, {{cache_name}}' },
        ],
      },
      {
        title: 'Size of entries written',
        description: 'Bytes in shared stores, compressed.',
        unit: 'bytes',
        lines: quantiles('cache.entry.size'),
      },
      {
        title: 'Fills',
        description: 'What became of computed values: outdated ones were overtaken by an invalidation.',
        unit: 'ops',
        lines: [{ expr: rate('cache.fills', 'cache_outcome'), legend: '{{cache_outcome}}' }],
      },
    ],
  },
  {
    title: 'Invalidation',
    panels: [
      {
        title: 'Invalidations',
        description:
          'By the process that made them: applied ones are on record, queued ones wait for the log.',
        unit: 'ops',
        lines: [{ expr: rate('cache.invalidations', 'cache_outcome'), legend: '{{cache_outcome}}' }],
      },
      {
        title: 'Propagation',
        description: 'From the log to the other processes.',
        unit: 's',
        lines: quantiles('cache.invalidation.delay'),
      },
      {
        title: 'Lag',
        description: 'Time since each process was proven current. Above the limit, reads wait for the log.',
        unit: 's',
        lines: [
          {
            expr: `max by (instance, cache_name) (${metric('cache.follower.lag')}{${chosen}})`,
            legend: '{{cache_name}} on {{instance}}',
          },
          {
            expr: `max by (cache_name) (${metric('cache.follower.lag.limit')}{${chosen}})`,
            legend: 'limit of {{cache_name}}',
          },
        ],
      },
      {
        title: 'Outbox, syncs and divergences',
        description:
          'Invalidations that wait for the log, readings of the log, and times it had lost records.',
        unit: 'short',
        lines: [
          { expr: gauge('cache.outbox.size', 'cache_name'), legend: 'waiting, {{cache_name}}' },
          { expr: rate('cache.syncs', 'cache_outcome'), legend: 'syncs {{cache_outcome}}' },
          { expr: rate('cache.divergences', 'cache_name'), legend: 'divergences, {{cache_name}}' },
        ],
      },
    ],
  },
]

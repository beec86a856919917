import type { Row } from './panels'
import { type CacheTerms, quantileLines, selector } from './queries'

/** The log of invalidations, and how far processes lag behind it. */
export const invalidationRow: Row<CacheTerms> = {
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
}

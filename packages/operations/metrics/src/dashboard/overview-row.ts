import { withRule } from '../request-matchers'
import type { Row } from './panels'
import { type CacheTerms, selector, served } from './queries'

const badAbove = (bound: number) => ['green', [bound, 'red']] as const

const readsOf = ({ sumRate }: CacheTerms) => `sum(${sumRate('cache.requests', 'cache_name', withRule)})`

const meanDurationOf = ({ sumRate }: CacheTerms) =>
  `(${sumRate('cache.compute.time', 'cache_function')} / (${sumRate('cache.computes', 'cache_function')} > 0))`

/** Answers the first two questions at a glance: does the cache work, and how much does it save? */
export const overviewRow: Row<CacheTerms> = {
  title: 'Does it work, and how much does it save?',
  panels: [
    {
      title: 'Parts of stores that fail',
      description: 'Open circuit breakers of all processes. See LarderCircuitOpen in the runbook.',
      unit: 'short',
      colors: badAbove(1),
      lines: [
        {
          createQuery: ({ metric }) => `sum(${metric('cache.circuit.open')}{${selector}})`,
          legend: 'open circuits',
        },
      ],
    },
    {
      title: 'Processes that are not current',
      description: 'Their lag is above maxStaleness. See LarderNotCurrent in the runbook.',
      unit: 'short',
      colors: badAbove(1),
      lines: [
        {
          createQuery: ({ metric }) =>
            `sum(${metric('cache.follower.lag')}{${selector}} > bool ${metric('cache.follower.lag.limit')}{${selector}})`,
          legend: 'processes',
        },
      ],
    },
    {
      title: 'Reads that fail',
      description: 'Computations that ended with an error or a timeout, per read.',
      unit: 'percentunit',
      colors: badAbove(0.001),
      lines: [
        {
          createQuery: (terms) =>
            `sum(${terms.sumRate('cache.computes', 'cache_name', 'cache_outcome=~"error|timeout"')}) / (${readsOf(terms)} > 0)`,
          legend: 'share of reads',
        },
      ],
    },
    {
      title: 'Reads served without computing',
      description: 'The hit ratio of all chosen caches together, without requests that no HTTP rule is for.',
      unit: 'percentunit',
      colors: ['red', [0.6, 'orange'], [0.8, 'green']],
      lines: [
        {
          createQuery: (terms) =>
            `sum(${terms.sumRate('cache.requests', 'cache_name', `${served},${withRule}`)}) / (${readsOf(terms)} > 0)`,
          legend: 'hit ratio',
        },
      ],
    },
    {
      title: 'Computing saved, in seconds per second',
      description: 'Hits of each function times the mean duration of its computations.',
      unit: 's',
      colors: ['blue'],
      lines: [
        {
          createQuery: (terms) =>
            `sum(${terms.sumRate('cache.requests', 'cache_function', served)} * ${meanDurationOf(terms)})`,
          legend: 'saved',
        },
      ],
    },
    {
      title: 'Computing done, in seconds per second',
      description: 'What the misses and refreshes cost.',
      unit: 's',
      colors: ['blue'],
      lines: [
        {
          createQuery: ({ sumRate }) => `sum(${sumRate('cache.compute.time', 'cache_name')})`,
          legend: 'done',
        },
      ],
    },
  ],
}

import { metricNameOf } from '../exposition/prometheus-names'
import { withRule } from '../uncached-requests'
import type { Row } from './panels'
import { selector, served, sumRate } from './queries'

const badAbove = (bound: number) => ['green', [bound, 'red']] as const

const reads = `sum(${sumRate('cache.requests', 'cache_name', `,${withRule}`)})`

const meanDuration = `(${sumRate('cache.compute.time', 'cache_function')} / (${sumRate('cache.computes', 'cache_function')} > 0))`

/** Answers the first two questions at a glance: does the cache work, and how much does it save? */
export const overviewRow: Row = {
  title: 'Does it work, and how much does it save?',
  panels: [
    {
      title: 'Parts of stores that fail',
      description: 'Open circuit breakers of all processes. See LarderCircuitOpen in the runbook.',
      unit: 'short',
      colors: badAbove(1),
      lines: [{ expr: `sum(${metricNameOf('cache.circuit.open')}{${selector}})`, legend: 'open circuits' }],
    },
    {
      title: 'Processes that are not current',
      description: 'Their lag is above maxStaleness. See LarderNotCurrent in the runbook.',
      unit: 'short',
      colors: badAbove(1),
      lines: [
        {
          expr: `sum(${metricNameOf('cache.follower.lag')}{${selector}} > bool ${metricNameOf('cache.follower.lag.limit')}{${selector}})`,
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
          expr: `sum(${sumRate('cache.computes', 'cache_name', ',cache_outcome=~"error|timeout"')}) / (${reads} > 0)`,
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
          expr: `sum(${sumRate('cache.requests', 'cache_name', `${served},${withRule}`)}) / (${reads} > 0)`,
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
          expr: `sum(${sumRate('cache.requests', 'cache_function', served)} * ${meanDuration})`,
          legend: 'saved',
        },
      ],
    },
    {
      title: 'Computing done, in seconds per second',
      description: 'What the misses and refreshes cost.',
      unit: 's',
      colors: ['blue'],
      lines: [{ expr: `sum(${sumRate('cache.compute.time', 'cache_name')})`, legend: 'done' }],
    },
  ],
}

import type { ServiceAlert, ServiceOperations, ServicePanel } from '@larder/core'
import { checkServiceRights } from '@larder/redis/kit'
import { checkEviction } from './operations/check-eviction'
import { inspectCounts } from './operations/inspect-counts'
import { metrics } from './operations/metrics'
import { requiredCommands } from './operations/required-commands'

const alerts: readonly ServiceAlert[] = [
  {
    name: 'LarderLimitsLocal',
    severity: 'warning',
    minutes: 1,
    summary: 'In {{ $value }} processes, the limiter {{ $labels.ratelimit_name }} decides without Redis.',
    description: 'By default each process counts by itself meanwhile: limit × processes get through at most.',
    createQuery: ({ across, metric, duration }) =>
      `${across('sum', `max_over_time(${metric('ratelimit.circuit.open')}[${duration(1)}])`)} > 0`,
  },
  {
    name: 'LarderLimitsRefuse',
    severity: 'warning',
    minutes: 10,
    summary: '{{ $labels.ratelimit_name }} refuses {{ $value | humanizePercentage }} of the requests.',
    description: 'A client that does not pause, an attack, or a limit that is too low.',
    createQuery({ rateOf }) {
      const requests = (selector: string) => rateOf('ratelimit.requests', 5, selector, ['ratelimit_result'])
      return `${requests('{ratelimit_result="refused"}')} / (${requests('')} > 1) > 0.2`
    },
  },
]

const panels: readonly ServicePanel[] = [
  {
    title: 'Requests by result',
    description: 'Admitted, refused with 429, and those of administrators that are not limited.',
    unit: 'reqps',
    lines: [
      {
        legend: '{{ratelimit_name}} {{ratelimit_result}}',
        createQuery: ({ sumRate }) => sumRate('ratelimit.requests', 'ratelimit_name, ratelimit_result'),
      },
    ],
  },
  {
    title: 'Decided without Redis',
    description: 'By this process alone, or by ifUnavailable. See LarderLimitsLocal in the runbook.',
    unit: 'reqps',
    lines: [
      {
        legend: '{{ratelimit_name}}',
        createQuery: ({ sumRate }) => sumRate('ratelimit.unavailable', 'ratelimit_name'),
      },
    ],
  },
  {
    title: 'Processes that left Redis alone',
    description: 'Their circuit breaker is open.',
    unit: 'short',
    lines: [
      {
        legend: '{{ratelimit_name}}',
        createQuery: ({ sumGauge }) => sumGauge('ratelimit.circuit.open', 'ratelimit_name'),
      },
    ],
  },
]

const rights = { kind: 'limit', title: 'limits', commands: requiredCommands }

/**
 * Rate limits for the tools of operations: alerts, dashboard, `larder limits` and `larder doctor`.
 *
 * @example
 * ```ts
 * writeFileSync('rules.yml', stringify(alertRules({ services: [operations] })))
 * ```
 */
export const operations: ServiceOperations = {
  kind: 'ratelimit',
  title: 'Rate limits',
  metrics: Object.values(metrics),
  alerts,
  panels,
  checks: [
    { name: 'limits', run: checkEviction },
    { name: 'limits rights', run: (server) => checkServiceRights(server, rights) },
  ],
  inspect: inspectCounts,
}

import type { ServiceAlert, ServiceOperations, ServicePanel } from '@larder/core'
import { checkServiceRights } from '@larder/redis/kit'
import { checkServer } from './operations/check-server'
import { inspectSessions } from './operations/inspect-sessions'
import { metrics } from './operations/metrics'
import { requiredCommands } from './operations/required-commands'

const alerts: readonly ServiceAlert[] = [
  {
    name: 'LarderSessionsAway',
    severity: 'critical',
    minutes: 1,
    summary: 'In {{ $value }} processes, Redis does not answer the sessions {{ $labels.session_name }}.',
    description: 'Requests with a session get 503, or everybody is logged out meanwhile. Nobody logs in.',
    createQuery: ({ across, metric, duration }) =>
      `${across('sum', `max_over_time(${metric('session.circuit.open')}[${duration(1)}])`)} > 0`,
  },
  {
    name: 'LarderSessionsMissing',
    severity: 'warning',
    minutes: 5,
    summary: '{{ $value | humanizePercentage }} of the reads find no session in {{ $labels.session_name }}.',
    description: 'Sessions were lost or do not fit the schema, or somebody guesses ids.',
    createQuery({ rateOf }) {
      const reads = (selector: string) => rateOf('session.reads', 5, selector, ['session_result'])
      return `${reads('{session_result!="found"}')} / (${reads('')} > 1) > 0.5`
    },
  },
]

const panels: readonly ServicePanel[] = [
  {
    title: 'Reads by result',
    description: 'Cookies with a session, and those without one. See LarderSessionsMissing in the runbook.',
    unit: 'reqps',
    lines: [
      {
        legend: '{{session_name}} {{session_result}}',
        createQuery: ({ sumRate }) => sumRate('session.reads', 'session_name, session_result'),
      },
    ],
  },
  {
    title: 'Changes by kind',
    description: 'Sessions that begin, are saved, renewed and end. A conflict is a save that wrote nothing.',
    unit: 'ops',
    lines: [
      {
        legend: '{{session_name}} {{session_change}}',
        createQuery: ({ sumRate }) => sumRate('session.changes', 'session_name, session_change'),
      },
    ],
  },
  {
    title: 'Time of calls',
    description: 'Of all operations together, with the time of Redis.',
    unit: 's',
    lines: [0.5, 0.99].map((quantile) => ({
      legend: `p${quantile * 100}`,
      createQuery: ({ quantileOf }) => quantileOf('session.duration', quantile),
    })),
  },
  {
    title: 'Calls without an answer',
    description: 'Redis did not answer, or was left alone. See LarderSessionsAway in the runbook.',
    unit: 'ops',
    lines: [
      {
        legend: '{{session_name}}',
        createQuery: ({ sumRate }) => sumRate('session.unavailable', 'session_name'),
      },
    ],
  },
  {
    title: 'Processes that left Redis alone',
    description: 'Their circuit breaker is open. See LarderSessionsAway in the runbook.',
    unit: 'short',
    lines: [
      {
        legend: '{{session_name}}',
        createQuery: ({ sumGauge }) => sumGauge('session.circuit.open', 'session_name'),
      },
    ],
  },
]

const rights = { kind: 'session', title: 'sessions', commands: requiredCommands }

/**
 * Sessions for the tools of operations: alerts, dashboard, `larder sessions` and `larder doctor`.
 *
 * @example
 * ```ts
 * writeFileSync('rules.yml', stringify(alertRules({ services: [operations] })))
 * ```
 */
export const operations: ServiceOperations = {
  kind: 'session',
  title: 'Sessions',
  metrics: Object.values(metrics),
  alerts,
  panels,
  checks: [
    { name: 'sessions', run: checkServer },
    { name: 'sessions rights', run: (server) => checkServiceRights(server, rights) },
  ],
  inspect: inspectSessions,
}

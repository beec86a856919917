import type { Reading, ServiceState } from '../../observation/service-readings'
import { elementById } from './elements'
import { formatCount } from './format'
import type { LiveState } from './live-state'
import { createMinute, type Moment } from './minute'
import { printableName, shortName } from './names'
import { runbookUrl } from './runbook'
import { type Cell, showTable } from './tables'

const minute = createMinute(({ services }) => services)

/** Forgets the counts that rates are measured from. */
export const clearServices = minute.clear

/** Shows what the services beside the caches count in the process; nothing without services. */
export function showServices(state: LiveState): void {
  const { oldest, current } = minute.add(state)
  elementById('services-section').hidden = current.measured.length === 0
  showTable(elementById('services'), {
    columns: [
      { heading: 'service' },
      { heading: 'counted since the process started' },
      { heading: 'per second in the last minute' },
      { heading: 'meaning' },
    ],
    rows: current.measured.flatMap((service, at) => describeService(service, oldest, current, at)),
    emptyText: 'No services.',
  })
}

function describeService(
  service: ServiceState,
  oldest: Moment<readonly ServiceState[]> | undefined,
  current: Moment<readonly ServiceState[]>,
  at: number,
): Cell[][] {
  const title = nameService(service)
  if (service.failure !== undefined) return [[title, 'cannot be read', '', printableName(service.failure)]]
  const seconds = oldest === undefined ? 0 : (current.at - oldest.at) / 1_000
  return service.readings.map((reading, index) => {
    const before = oldest?.measured[at]?.readings[index]
    return [
      `${title}: ${shortenMetric(service, reading)}`,
      describeValues(service, reading),
      before === undefined || reading.kind === 'gauge' ? '' : describeRates(before, reading, seconds),
      reading.description,
    ]
  })
}

/** `ratelimit api`. */
export const nameService = ({ kind, name }: ServiceState) => `${kind} ${shortName(name)}`

/** `requests` for `ratelimit.requests`. */
const shortenMetric = ({ kind }: ServiceState, { name }: Reading) =>
  name.replace(`${kind}.`, '').replaceAll('.', ' ')

function describeValues({ isAway }: ServiceState, { unit, values }: Reading): Cell {
  const text = listValues(values)
  return isAway && unit === '{circuit}' ? { text, title: 'what to do', href: runbookUrl() } : text
}

function describeRates(before: Reading, { values }: Reading, seconds: number): string {
  const rates = Object.entries(values).map(([label, value]) => [
    label,
    (value - (before.values[label] ?? 0)) / seconds,
  ])
  return listValues(Object.fromEntries(rates.filter(([, rate]) => Number(rate) > 0)))
}

const listValues = (values: Readonly<Record<string, number>>) =>
  Object.entries(values)
    .map(([label, value]) => `${label} ${formatCount(value)}`.trim())
    .join(', ')

import type { Reading, ServiceState } from '../../observation/service-readings'
import { elementById } from './elements'
import { formatCount } from './format'
import type { LiveState } from './live-state'
import { createMinute } from './minute'
import { printableName, shortName } from './names'
import { runbookUrl } from './runbook'
import { type Cell, showTable } from './tables'

const minute = createMinute(({ services }) => services)

/** Forgets the counts that rates are measured from. */
export const clearServices = minute.clear

/** Shows what the services beside the caches count in the process; nothing without services. */
export function showServices(state: LiveState): void {
  const { oldest, current } = minute.add(state)
  const seconds = oldest === undefined ? 0 : (current.at - oldest.at) / 1_000
  elementById('services-section').hidden = current.measured.length === 0
  showTable(elementById('services'), {
    columns: [
      { heading: 'service' },
      { heading: 'its store', isProse: true },
      {
        heading: 'counted',
        meaning: 'since the process started, without zeros; per second in the last minute',
        isProse: true,
      },
    ],
    rows: current.measured.map((service, at) => [
      nameService(service),
      describeStore(service),
      service.failure === undefined
        ? describeReadings(service, oldest?.measured[at], seconds)
        : `cannot be read: ${printableName(service.failure)}`,
    ]),
    emptyText: 'No services.',
  })
}

/** `ratelimit api`. */
export const nameService = ({ kind, name }: ServiceState) => `${kind} ${shortName(name)}`

function describeStore({ isAway }: ServiceState): Cell {
  return isAway ? { text: 'calls keep failing', title: 'what to do', href: runbookUrl() } : 'answers'
}

/** Counts without zeros: `requests: allowed 1.2K (3.4 per second), refused 12`. */
function describeReadings(service: ServiceState, before: ServiceState | undefined, seconds: number): string {
  const described = service.readings.flatMap((reading, index) => {
    const counted = reading.unit === '{circuit}' ? '' : listCounts(reading, before?.readings[index], seconds)
    return counted === '' ? [] : [`${shortenMetric(service, reading)}: ${counted}`]
  })
  return described.length === 0 ? 'nothing yet' : described.join(' · ')
}

/** `requests` for `ratelimit.requests`. */
const shortenMetric = ({ kind }: ServiceState, { name }: Reading) =>
  name.replace(`${kind}.`, '').replaceAll('.', ' ')

function listCounts({ kind, values }: Reading, before: Reading | undefined, seconds: number): string {
  return Object.entries(values)
    .filter(([, value]) => value > 0)
    .map(([label, value]) => {
      const rate = (value - (before?.values[label] ?? value)) / seconds
      const perSecond = kind === 'counter' && rate >= 0.05 ? ` (${formatCount(rate)} per second)` : ''
      return `${label} ${formatCount(value)}${perSecond}`.trim()
    })
    .join(', ')
}

import { showAlarm, showNoAnswer } from './alarm'
import { getJson, type Outage } from './api'
import { runAction, showDetails } from './dialogs'
import { elementById } from './elements'
import { formatDuration, formatTime, formatTimes } from './format'
import type { LiveState, LoggedError } from './live-state'
import { printableName } from './names'

/** The version of Larder that the page is of. */
export const pageVersion = document.querySelector<HTMLMetaElement>('meta[name=version]')?.content ?? ''

type Status = LiveState['health']['status'] | 'away'

const labels: Readonly<Record<Status, string>> = {
  pass: 'healthy',
  warn: 'degraded',
  fail: 'failing',
  away: 'no figures',
}

const outages: Readonly<Record<Outage, string>> = {
  'no answer': 'The process does not answer',
  'no access': 'Your access has ended. Log in again in another tab; this page then continues',
  'no stream': 'The process answers, but sends no figures: too many dashboards may be open',
}

/** Shows the status of the cache on the whole page: its colour, and in words what is wrong. */
export function showStatus(state: LiveState): void {
  const { health, process, services, stats } = state
  const isServiceAway = services.some(({ isAway }) => isAway)
  showBadge(health.status === 'pass' && isServiceAway ? 'warn' : health.status)
  elementById('health').onclick = () =>
    showDetails({
      title: 'Health',
      facts: Object.fromEntries(health.checks.map(({ name, detail }) => [name, detail])),
    })
  const { host, pid, runtime, uptime } = process
  elementById('process').textContent =
    `Figures of process ${pid} on ${host}, ${runtime}, up ${formatDuration(uptime)}`
  showAlarm(state)
  elementById('errors').hidden = stats.errors === 0
}

/** No events arrive: the figures are old. */
export function showOutage(outage: Outage, lastAt: string | undefined): void {
  showBadge('away')
  const figures = lastAt === undefined ? '' : `: the figures are those of ${formatTime(lastAt)}`
  showNoAnswer(`${outages[outage]}${figures}.`)
}

/** The process that answers runs another version of Larder than the one that the page is of: its figures may mean something else. */
export function showOtherVersion(version: string): void {
  showBadge('away')
  showNoAnswer(
    `This page is of Larder ${pageVersion}, and the process that answers of ${version}: reload it.`,
  )
}

/** Connects the button that lists the last errors. */
export function setUpErrors(): void {
  elementById('errors').addEventListener('click', () => runAction(listErrors))
}

async function listErrors(): Promise<void> {
  const { errors } = await getJson<{ errors: readonly LoggedError[] }>('errors')
  const facts = errors.map(({ operation, message, count, lastAt }) => [
    `${operation}, ${formatTimes(count)}, last at ${formatTime(lastAt)}`,
    printableName(message),
  ])
  showDetails({ title: 'Last errors', facts: Object.fromEntries(facts) })
}

/** Shows the status in the colour of the page, in the header, and in the title of the tab. */
function showBadge(status: Status): void {
  document.body.dataset.status = status
  const badge = elementById('health')
  badge.className = status
  if (badge.textContent !== labels[status]) badge.textContent = labels[status]
  const cache = elementById<HTMLSelectElement>('caches').value
  document.title = `${status === 'pass' ? '' : `${labels[status]}: `}${cache} – Larder`
}

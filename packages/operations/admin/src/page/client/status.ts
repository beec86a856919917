import { showAlarm, showNoAnswer } from './alarm'
import { getJson } from './api'
import { runAction, showDetails } from './dialogs'
import { elementById } from './elements'
import { formatDuration, formatTime } from './format'
import type { LiveState, LoggedError } from './live-state'

const labels = { pass: 'healthy', warn: 'degraded', fail: 'failing' } as const

/** Shows the status of the cache on the whole page: its colour, and in words what is wrong. */
export function showStatus(state: LiveState): void {
  const { health, process, stats } = state
  showBadge(health.status, labels[health.status])
  elementById('health').onclick = () =>
    showDetails(Object.fromEntries(health.checks.map(({ name, detail }) => [name, detail])))
  const { host, pid, runtime, uptime } = process
  elementById('process').textContent =
    `${host}, process ${pid}, ${runtime}, up ${formatDuration(uptime)}: the figures are its own`
  showAlarm(state)
  elementById('errors').hidden = stats.errors === 0
}

/** No events arrive: the figures are old. */
export function showDisconnected(lastAt: string | undefined): void {
  showBadge('away', 'reconnecting …')
  showNoAnswer(
    lastAt === undefined
      ? 'The process does not answer.'
      : `The process does not answer: the figures are those of ${formatTime(lastAt)}.`,
  )
}

/** Connects the button that lists the last errors. */
export function setUpErrors(): void {
  elementById('errors').addEventListener('click', () => runAction(listErrors))
}

async function listErrors(): Promise<void> {
  const { errors } = await getJson<{ errors: readonly LoggedError[] }>('errors')
  const facts = errors.map(({ operation, message, count, lastAt }) => [
    `${operation}, ${count} times, last at ${formatTime(lastAt)}`,
    message,
  ])
  showDetails(Object.fromEntries(facts))
}

function showBadge(status: 'pass' | 'warn' | 'fail' | 'away', label: string): void {
  document.body.dataset.status = status
  const badge = elementById('health')
  badge.className = status
  badge.textContent = label
}

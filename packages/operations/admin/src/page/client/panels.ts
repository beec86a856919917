import { showDetails } from './dialogs'
import { createElement, createTable, elementById } from './elements'
import { formatCount, formatDuration, formatTime } from './format'
import type { HistoryItem, LiveState } from './live-state'

const maxHistoryShown = 100
const maxTagsShown = 12

/** Shown instead of advice. */
const withoutAdvice = {
  ready: 'No advice: nothing that was measured in the latest minutes calls for a change.',
  waiting: 'No advice yet: a minute of reads is needed.',
  outage: 'No advice while the store does not respond: misses are its fault.',
} as const

/** Shows the status of the cache; a click on it lists the checks. */
export function showHealth({ health }: LiveState): void {
  const badge = elementById('health')
  const labels = { pass: 'healthy', warn: 'degraded', fail: 'failing' } as const
  badge.className = health.status
  badge.textContent = labels[health.status]
  badge.onclick = () =>
    showDetails(Object.fromEntries(health.checks.map(({ name, detail }) => [name, detail])))
}

export function showAdvice({ advice: report }: LiveState): void {
  const articles = report.advice.map(({ title, evidence, advice }) =>
    createElement(
      'article',
      {},
      createElement('strong', {}, title),
      createElement('p', { class: 'quiet' }, evidence),
      createElement('p', {}, advice),
    ),
  )
  const placeholder = createElement('p', { class: 'quiet' }, withoutAdvice[report.status])
  elementById('advice').replaceChildren(...(articles.length > 0 ? articles : [placeholder]))
}

export function showTopKeys({ activity: { topKeys } }: LiveState): void {
  const rows = topKeys.map(({ name, uses }) => [name, formatCount(uses)])
  elementById('top-keys').replaceChildren(createTable(['key', 'reads'], rows, [1]))
}

export function showTopTags(
  tags: readonly { name: string; entries: number }[],
  { activity: { topTags } }: LiveState,
): void {
  const invalidations = new Map(topTags.map(({ name, uses }) => [name, uses]))
  const rows = tags
    .slice(0, maxTagsShown)
    .map(({ name, entries }) => [name, formatCount(entries), formatCount(invalidations.get(name) ?? 0)])
  elementById('top-tags').replaceChildren(createTable(['tag', 'entries', 'invalidated'], rows, [1, 2]))
}

/** Adds an invalidation at the top of the list. */
export function addToHistory(item: HistoryItem): void {
  const list = elementById('history')
  list.prepend(
    createElement(
      'li',
      {},
      createElement('span', { class: 'name' }, item.name === '' ? 'all entries' : item.name),
      createElement('br'),
      createElement('small', { class: 'quiet' }, describeOrigin(item)),
    ),
  )
  while (list.children.length > maxHistoryShown) list.lastElementChild?.remove()
}

function describeOrigin({ at, from, scope, mode, delay }: HistoryItem): string {
  const parts = [formatTime(at), scope]
  if (mode === 'soft') parts.push('soft')
  if (from === 'log') parts.push(`received after ${formatDuration(delay)}`)
  return parts.join(' · ')
}

import { showDetails } from './dialogs'
import { byId, element, table } from './element'
import { count, duration, time } from './format'
import type { HistoryItem, State } from './state'

const historyShown = 100

export function showHealth({ health }: State): void {
  const badge = byId('health')
  const words = { pass: 'healthy', warn: 'watch out', fail: 'failing' } as const
  badge.className = health.status
  badge.textContent = words[health.status]
  badge.onclick = () =>
    showDetails(Object.fromEntries(health.checks.map(({ name, detail }) => [name, detail])))
}

export function showRecommendations({ recommendations }: State): void {
  const articles = recommendations.map(({ title, reason, advice }) =>
    element(
      'article',
      {},
      element('strong', {}, title),
      element('p', { class: 'quiet' }, reason),
      element('p', {}, advice),
    ),
  )
  const nothing = element('p', { class: 'quiet' }, 'Nothing follows from what was measured so far.')
  byId('recommendations').replaceChildren(...(articles.length > 0 ? articles : [nothing]))
}

export function showTopKeys({ activity: { topKeys } }: State): void {
  const rows = topKeys.map(({ name, uses }) => [name, count(uses)])
  byId('top-keys').replaceChildren(table(['key', 'reads'], rows, [1]))
}

export function showTopTags(
  tags: readonly { name: string; entries: number }[],
  { activity: { topTags } }: State,
): void {
  const ended = new Map(topTags.map(({ name, uses }) => [name, uses]))
  const rows = tags
    .slice(0, 12)
    .map(({ name, entries }) => [name, count(entries), count(ended.get(name) ?? 0)])
  byId('top-tags').replaceChildren(table(['tag', 'entries', 'ended'], rows, [1, 2]))
}

export function addToHistory({ at, from, scope, mode, name, delay }: HistoryItem): void {
  const what = name === '' ? 'everything' : name
  const how = [
    time(at),
    scope,
    mode === 'soft' ? 'soft' : '',
    from === 'log' ? `heard after ${duration(delay)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
  const list = byId('history')
  list.prepend(
    element(
      'li',
      {},
      element('span', { class: 'name' }, what),
      element('br'),
      element('small', { class: 'quiet' }, how),
    ),
  )
  while (list.children.length > historyShown) list.lastElementChild?.remove()
}

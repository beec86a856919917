import { runAction } from './dialogs'
import { createElement, elementById } from './elements'
import { formatCount, formatDuration, formatTime } from './format'
import { openKey } from './key-details'
import type { HistoryItem, LiveState } from './live-state'
import { printableName, shortName } from './names'
import { showTable } from './tables'

const maxHistoryShown = 100

/** Shown instead of advice. */
const withoutAdvice = {
  ready: 'No advice: nothing that was measured in the latest minutes calls for a change.',
  waiting: 'No advice yet: a minute of reads is needed.',
  outage: 'No advice while calls to the store fail: the outage causes the misses.',
} as const

export function showAdvice({ advice: report }: LiveState): void {
  const panel = elementById('advice')
  const shown = JSON.stringify(report.advice)
  // Left as it is while nothing changes, so that it can be selected.
  if (panel.dataset.shown === shown + report.status) return
  panel.dataset.shown = shown + report.status
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
  panel.replaceChildren(...(articles.length > 0 ? articles : [placeholder]))
}

export function showTopKeys({ activity: { topKeys } }: LiveState): void {
  showTable(elementById('top-keys'), {
    columns: [
      { heading: 'key' },
      { heading: 'reads', isNumber: true, meaning: 'recent reads; one of ten minutes ago counts half' },
    ],
    rows: topKeys.map(({ name, uses }) => [
      {
        text: shortName(name),
        title: printableName(name),
        open: () => runAction(() => openKey({ key: name, namespace: [] })),
      },
      formatCount(Math.round(uses)),
    ]),
    emptyText: 'Nothing was read since this page was opened.',
  })
}

export function showTopTags({ activity: { topTags } }: LiveState): void {
  showTable(elementById('top-tags'), {
    columns: [
      { heading: 'tag' },
      {
        heading: 'invalidated',
        isNumber: true,
        meaning: 'recent invalidations by any process; one of ten minutes ago counts half',
      },
    ],
    rows: topTags.map(({ name, uses }) => [shortName(name), formatCount(Math.round(uses))]),
    emptyText: 'No tag was invalidated since this page was opened.',
  })
}

const noInvalidations = 'No invalidation since the process started.'

/** Empties the list, and says so. */
export function clearHistory(): void {
  elementById('history').replaceChildren(createElement('li', { class: 'quiet empty' }, noInvalidations))
}

/** Adds an invalidation at the top of the list. */
export function addToHistory(item: HistoryItem): void {
  const list = elementById('history')
  list.querySelector('.empty')?.remove()
  list.prepend(
    createElement(
      'li',
      {},
      createElement('span', { class: 'name' }, item.name === '' ? 'all entries' : shortName(item.name)),
      createElement('small', { class: 'quiet' }, describeOrigin(item)),
    ),
  )
  while (list.children.length > maxHistoryShown) list.lastElementChild?.remove()
}

function describeOrigin({ at, from, scope, mode, delay }: HistoryItem): string {
  const parts = [formatTime(at), scope, from === 'here' ? 'by this process' : 'by another process']
  if (mode === 'soft') parts.push('soft')
  if (from === 'log') parts.push(`after ${formatDuration(Math.max(0, delay ?? 0))}`)
  return parts.join(' · ')
}

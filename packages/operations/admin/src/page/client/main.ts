import { setUpActions, showWarmUpButtons, showWarmUpProgress } from './actions'
import { getJson, resourceUrl, selectCache } from './api'
import { createChart } from './chart'
import { runAction } from './dialogs'
import { createElement, elementById } from './elements'
import { formatCount, formatPercent } from './format'
import { setUpKeySearch } from './key-search'
import type { HistoryItem, LiveState } from './live-state'
import { addToHistory, showAdvice, showHealth, showTopKeys, showTopTags } from './panels'
import { ratesBetween } from './rates'
import { showTagGraph, type Tags } from './tag-graph'
import { showTiles } from './tiles'

/** In ms. Listing tags makes the server read many entries, so it is rarer than the live state. */
const tagsInterval = 10_000

const charts = {
  hitRatio: createChart('Hit ratio', formatPercent, 1),
  reads: createChart('Reads per second', formatCount, undefined),
}
let liveStream: EventSource | undefined
let previousState: LiveState | undefined
let tags: Tags = { tags: [], links: [] }

function showState(state: LiveState): void {
  const rates = previousState === undefined ? undefined : ratesBetween(previousState, state)
  previousState = state
  showTiles(state, rates)
  showHealth(state)
  showAdvice(state)
  showTopKeys(state)
  showTopTags(tags.tags, state)
  showWarmUpProgress(state.warmUps)
  if (rates === undefined) return
  charts.hitRatio.addValue(rates.hitRatio)
  charts.reads.addValue(rates.readsPerSecond)
}

async function refreshTags(): Promise<void> {
  tags = await getJson<Tags>('tags')
  showTagGraph(tags)
}

/** Receives the live events of the selected cache. The browser reconnects by itself. */
function openLiveStream(): void {
  liveStream?.close()
  liveStream = new EventSource(resourceUrl('live'))
  liveStream.addEventListener('state', ({ data }) => showState(JSON.parse(data)))
  liveStream.addEventListener('invalidation', ({ data }) => addToHistory(JSON.parse(data)))
  liveStream.addEventListener('error', () => {
    elementById('health').className = 'warn'
    elementById('health').textContent = 'reconnecting …'
  })
}

/** Selects a cache and fills every panel for it. */
async function showCache(name: string): Promise<void> {
  selectCache(name)
  previousState = undefined
  for (const chart of Object.values(charts)) chart.clear()
  elementById('history').replaceChildren()
  elementById('keys').replaceChildren()
  const { invalidations } = await getJson<{ invalidations: readonly HistoryItem[] }>('invalidations', {
    limit: '100',
  })
  for (const item of invalidations.toReversed()) addToHistory(item)
  openLiveStream()
  await Promise.all([refreshTags(), showWarmUpButtons()])
}

async function startDashboard(): Promise<void> {
  const { caches, name } = await getJson<{ caches: readonly string[]; name: string }>('stats')
  const select = elementById<HTMLSelectElement>('caches')
  select.replaceChildren(...caches.map((cache) => createElement('option', {}, cache)))
  select.addEventListener('change', () => runAction(() => showCache(select.value)))
  elementById('charts').replaceChildren(...Object.values(charts).map(({ figure }) => figure))
  setUpKeySearch()
  setUpActions()
  setInterval(() => runAction(refreshTags), tagsInterval)
  await showCache(name)
}

runAction(startDashboard)

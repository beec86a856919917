import { setUpActions, showWarmUpButtons, showWarmUpProgress } from './actions'
import { getJson, resourceUrl, selectCache } from './api'
import { createChart } from './chart'
import { runAction } from './dialogs'
import { createElement, elementById } from './elements'
import { formatCount, formatPercent } from './format'
import { showFunctions } from './functions-panel'
import { setUpKeySearch } from './key-search'
import type { HistoryItem, LiveState } from './live-state'
import { addToHistory, clearHistory, showAdvice, showTopKeys, showTopTags } from './panels'
import { countReads, type ReadCounts, ratesBetween } from './rates'
import { setUpErrors, showDisconnected, showStatus } from './status'
import { showTagGraph, type Tags } from './tag-graph'
import { showTiles } from './tiles'

/** In ms. */
const minute = 60_500

const charts = {
  hitRatio: createChart('Hit ratio', formatPercent, 1),
  reads: createChart('Reads per second', formatCount, undefined),
}
let liveStream: EventSource | undefined
let previousState: LiveState | undefined
/** The reads of the last minute, the oldest first. */
let readCounts: readonly ReadCounts[] = []

function showState(state: LiveState): void {
  const current = countReads(state)
  const isSameProcess =
    previousState?.process.pid === state.process.pid && previousState.process.host === state.process.host
  const earlier = isSameProcess ? readCounts.filter(({ at }) => current.at - at <= minute) : []
  const [first, last] = [earlier[0], earlier.at(-1)]
  readCounts = [...earlier, current]
  previousState = state
  showTiles(state, first && ratesBetween(first, current))
  showStatus(state)
  showControls(state)
  showFunctions(state)
  showAdvice(state)
  showTopKeys(state)
  showTopTags(state)
  showWarmUpProgress(state.warmUps)
  if (last === undefined) return
  const rates = ratesBetween(last, current)
  charts.hitRatio.addValue(rates.hitRatio)
  charts.reads.addValue(rates.readsPerSecond)
}

/** Those who may only read see no controls that would be refused. */
function showControls({ may }: LiveState): void {
  for (const section of document.querySelectorAll<HTMLElement>('[data-writes]'))
    section.hidden = may === 'read'
}

/** Reads a sample of entries, so it happens on request only. */
async function readTags(): Promise<void> {
  showTagGraph(await getJson<Tags>('tags'))
}

/** Receives the live events of the selected cache. The browser reconnects by itself. */
function openLiveStream(): void {
  liveStream?.close()
  liveStream = new EventSource(resourceUrl('live'))
  liveStream.addEventListener('state', ({ data }) => showState(JSON.parse(data)))
  liveStream.addEventListener('invalidation', ({ data }) => addToHistory(JSON.parse(data)))
  liveStream.addEventListener('error', () => showDisconnected(previousState?.at))
}

/** Selects a cache and fills every panel for it. */
async function showCache(name: string): Promise<void> {
  selectCache(name)
  previousState = undefined
  readCounts = []
  for (const chart of Object.values(charts)) chart.clear()
  clearHistory()
  for (const id of ['keys', 'more', 'graph']) elementById(id).replaceChildren()
  const { invalidations } = await getJson<{ invalidations: readonly HistoryItem[] }>('invalidations', {
    limit: '100',
  })
  for (const item of invalidations.toReversed()) addToHistory(item)
  openLiveStream()
  await showWarmUpButtons()
}

async function startDashboard(): Promise<void> {
  const { caches, name } = await getJson<{ caches: readonly string[]; name: string }>('stats')
  const select = elementById<HTMLSelectElement>('caches')
  select.replaceChildren(...caches.map((cache) => createElement('option', {}, cache)))
  select.addEventListener('change', () => runAction(() => showCache(select.value)))
  elementById('charts').replaceChildren(...Object.values(charts).map(({ figure }) => figure))
  setUpKeySearch()
  setUpActions()
  setUpErrors()
  elementById('read-tags').addEventListener('click', () => runAction(readTags))
  await showCache(name)
}

runAction(startDashboard)

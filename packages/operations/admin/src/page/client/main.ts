import { setUpActions, showWarmUpButtons, showWarmUpProgress } from './actions'
import { findOutage, getJson, selectCache } from './api'
import { createChart } from './chart'
import { runAction } from './dialogs'
import { createElement, elementById } from './elements'
import { formatCount, formatPercent } from './format'
import { clearFunctions, showFunctions } from './functions-panel'
import { setUpKeySearch } from './key-search'
import type { HistoryItem, LiveState } from './live-state'
import { openLiveStream } from './live-stream'
import { createMinute } from './minute'
import { addToHistory, clearHistory, showAdvice, showTopKeys, showTopTags } from './panels'
import { countReads, ratesBetween } from './rates'
import { clearServices, showServices } from './services-panel'
import { pageVersion, setUpErrors, showOtherVersion, showOutage, showStatus } from './status'
import { setUpTagSample } from './tag-graph'
import { showTiles } from './tiles'

/** Between two attempts to read the names of the caches, in ms. */
const retryDelay = 2_000

const charts = {
  hitRatio: createChart({ title: 'Hit ratio', formatValue: formatPercent, maximum: 1 }),
  reads: createChart({ title: 'Reads per second', formatValue: formatCount }),
}
let closeLiveStream: () => void = () => undefined
/** The time of the figures on the page. */
let latestAt: string | undefined
const reads = createMinute(countReads)

function showState(state: LiveState): void {
  if (state.process.version !== pageVersion) {
    showOtherVersion(state.process.version ?? 'another version')
    return
  }
  const { oldest, previous, current } = reads.add(state)
  latestAt = state.at
  showStatus(state)
  showControls(state)
  showTiles(state, oldest && ratesBetween(oldest, current))
  showFunctions(state)
  showAdvice(state)
  showServices(state)
  showTopKeys(state)
  showTopTags(state)
  showWarmUpProgress(state.warmUps)
  if (previous === undefined) return
  const { hitRatio, readsPerSecond } = ratesBetween(previous, current)
  charts.hitRatio.addSample({ at: current.at, value: hitRatio })
  charts.reads.addSample({ at: current.at, value: readsPerSecond })
}

/** Those who may only read see no controls that would be refused. */
function showControls({ may }: LiveState): void {
  document.body.dataset.may = may
  for (const section of document.querySelectorAll<HTMLElement>('[data-writes]'))
    section.hidden = may === 'read'
}

async function showHistory(): Promise<void> {
  const { invalidations } = await getJson<{ invalidations: readonly HistoryItem[] }>('invalidations', {
    limit: '100',
  })
  clearHistory()
  for (const item of invalidations.toReversed()) addToHistory(item)
}

/** Selects a cache and fills every panel for it. */
function showCache(name: string): void {
  closeLiveStream()
  selectCache(name)
  latestAt = undefined
  reads.clear()
  clearFunctions()
  clearServices()
  for (const chart of Object.values(charts)) chart.clear()
  for (const id of ['keys', 'more', 'tags', 'graph']) elementById(id).replaceChildren()
  closeLiveStream = openLiveStream({
    onOpen() {
      runAction(showHistory)
      runAction(showWarmUpButtons)
    },
    onState: showState,
    onInvalidation: addToHistory,
    onOutage: (outage) => showOutage(outage, latestAt),
  })
}

function setUpControls(caches: readonly string[]): void {
  const select = elementById<HTMLSelectElement>('caches')
  select.replaceChildren(...caches.map((cache) => createElement('option', {}, cache)))
  select.addEventListener('change', () => showCache(select.value))
  elementById('charts').replaceChildren(...Object.values(charts).map(({ figure }) => figure))
  elementById('footer').textContent =
    `Larder ${pageVersion} · times in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`
  setUpKeySearch()
  setUpActions()
  setUpErrors()
  setUpTagSample()
}

/** Begins as soon as the process answers. */
async function startDashboard(): Promise<void> {
  const stats = await getJson<{ caches: readonly string[]; name: string }>('stats').catch(() => undefined)
  if (stats === undefined) {
    showOutage(await findOutage(), undefined)
    setTimeout(startDashboard, retryDelay)
    return
  }
  setUpControls(stats.caches)
  showCache(stats.name)
}

void startDashboard()

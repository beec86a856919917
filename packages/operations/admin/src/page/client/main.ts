import { offerWarmUps, setUpActions, showWarmUps } from './actions'
import { address, choose, get } from './api'
import { createChart } from './chart'
import { attempt } from './dialogs'
import { byId, element } from './element'
import { count, percent } from './format'
import { showGraph, type Tags } from './graph'
import { setUpKeys } from './keys'
import { addToHistory, showHealth, showRecommendations, showTopKeys, showTopTags } from './panels'
import { type HistoryItem, type State, stepBetween } from './state'
import { showTiles } from './tiles'

/** Tags cost the server a look at many entries: they are asked for this often, in ms. */
const tagsEvery = 10_000

const charts = {
  hitRatio: createChart('Hit ratio', percent, 1),
  reads: createChart('Reads per second', count, undefined),
}
let source: EventSource | undefined
let before: State | undefined
let tags: Tags = { tags: [], links: [] }

function show(state: State): void {
  const step = before === undefined ? undefined : stepBetween(before, state)
  before = state
  showTiles(state, step)
  showHealth(state)
  showRecommendations(state)
  showTopKeys(state)
  showTopTags(tags.tags, state)
  showWarmUps(state.warmUps)
  if (step === undefined) return
  charts.hitRatio.add(step.hitRatio)
  charts.reads.add(step.readsPerSecond)
}

async function refreshTags(): Promise<void> {
  tags = await get<Tags>('tags')
  showGraph(tags)
}

function listen(): void {
  source?.close()
  source = new EventSource(address('live'))
  source.addEventListener('state', ({ data }) => show(JSON.parse(data)))
  source.addEventListener('invalidation', ({ data }) => addToHistory(JSON.parse(data)))
  source.addEventListener('error', () => {
    byId('health').className = 'warn'
    byId('health').textContent = 'reconnecting'
  })
}

/** Begins with a cache: everything on the page is about it from now on. */
async function begin(name: string): Promise<void> {
  choose(name)
  before = undefined
  for (const chart of Object.values(charts)) chart.clear()
  byId('history').replaceChildren()
  byId('keys').replaceChildren()
  const { invalidations } = await get<{ invalidations: readonly HistoryItem[] }>('invalidations', {
    limit: '100',
  })
  for (const item of invalidations.toReversed()) addToHistory(item)
  listen()
  await Promise.all([refreshTags(), offerWarmUps()])
}

async function start(): Promise<void> {
  const { caches, name } = await get<{ caches: readonly string[]; name: string }>('stats')
  const select = byId<HTMLSelectElement>('caches')
  select.replaceChildren(...caches.map((cache) => element('option', {}, cache)))
  select.addEventListener('change', () => attempt(() => begin(select.value)))
  byId('charts').replaceChildren(...Object.values(charts).map(({ figure }) => figure))
  setUpKeys()
  setUpActions()
  setInterval(() => attempt(refreshTags), tagsEvery)
  await begin(name)
}

attempt(start)

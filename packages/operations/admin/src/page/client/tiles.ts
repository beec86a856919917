import type { ServerUsage } from '@larder/core'
import { createElement, elementById } from './elements'
import { formatBytes, formatCount, formatDuration, formatPercent } from './format'
import { findLastError } from './last-error'
import type { LiveState } from './live-state'
import type { Rates } from './rates'
import { createRunbookLink, type RunbookSection } from './runbook'

interface Tile {
  readonly name: string
  readonly value: string
  readonly note: string
  /** Set if the figure is not as it should be. */
  readonly problem?: { readonly status: 'warn' | 'fail'; readonly section: RunbookSection } | undefined
}

/** Above this 95th percentile, in ms, the store is slow, as for the alert. */
const slowCall = 200

/** Shows the current figures at the top of the page. `minute` are the rates of up to a minute. */
export function showTiles(state: LiveState, minute: Rates | undefined): void {
  const { stats } = state
  const tiles: Tile[] = [
    describeHitRatio(minute),
    {
      name: 'Reads',
      value: minute === undefined ? '–' : formatCount(minute.readsPerSecond),
      note: 'per second',
    },
    { name: 'In progress', value: formatCount(stats.flights), note: 'computations' },
    describeLatency(state),
    describeLag(state),
    {
      name: 'Waiting',
      value: formatCount(stats.outbox),
      note: 'invalidations not in the log yet',
      problem: stats.outbox > 0 ? { status: 'warn', section: 'LarderOutboxGrowing' } : undefined,
    },
    ...(stats.circuits.length > 0 ? [describeServer(state)] : []),
    describeErrors(state),
  ]
  const memory = stats.usage === undefined ? [] : [createMemoryTile(stats.usage)]
  elementById('tiles').replaceChildren(...tiles.map(createTile), ...memory)
}

/** Below this share of hits, and at this many reads per second, the alert for a low hit ratio would fire after a while. */
const lowHitRatio = { share: 0.6, minReads: 1 }

function describeHitRatio(minute: Rates | undefined): Tile {
  const note = nameOfPeriod(minute)
  if (minute?.hitRatio === undefined) return { name: 'Hit ratio', value: '–', note }
  const isLow =
    minute.duration > 55_000 &&
    minute.hitRatio < lowHitRatio.share &&
    minute.ratedPerSecond >= lowHitRatio.minReads
  const problem = isLow ? ({ status: 'warn', section: 'LarderHitRatioLow' } as const) : undefined
  return { name: 'Hit ratio', value: formatPercent(minute.hitRatio), note, problem }
}

function nameOfPeriod(rates: Rates | undefined): string {
  if (rates === undefined) return 'in the last minute'
  return rates.duration > 55_000 ? 'in the last minute' : `in the last ${formatDuration(rates.duration)}`
}

/** While calls fail, the duration of those that succeeded says nothing. */
function describeLatency({ activity, stats }: LiveState): Tile {
  if (isStoreAway(stats)) return { name: 'Store latency', value: '–', note: 'calls keep failing' }
  const note = '95th percentile'
  if (activity.slowCall === undefined) return { name: 'Store latency', value: '–', note }
  const problem =
    activity.slowCall > slowCall ? ({ status: 'warn', section: 'LarderStoreSlow' } as const) : undefined
  return { name: 'Store latency', value: formatDuration(activity.slowCall), note, problem }
}

function describeLag({ stats: { lag, maxStaleness } }: LiveState): Tile {
  const isCurrent = lag !== null && lag <= maxStaleness
  return {
    name: 'Lag',
    value: formatDuration(lag),
    note: 'since the log was read',
    problem: isCurrent ? undefined : { status: 'fail', section: 'LarderNotCurrent' },
  }
}

/** Above this share of its limit, a server that evicts no entries is nearly full, as for the alert. */
const fullShare = 0.8

/** The server of the store that is nearest to its limit. */
function describeServer({ stats }: LiveState): Tile {
  const { servers } = stats
  const name = 'Redis memory'
  const [fullest] = [...servers].sort((a, b) => shareOf(b) - shareOf(a))
  if (fullest === undefined) return { name, value: '–', note: 'not told to this process: see redis_exporter' }
  const { usedMemory, maxMemory, clients, evicted, evictionPolicy } = fullest
  const limit = maxMemory === 0 ? 'no limit' : `of ${formatBytes(maxMemory)}`
  const isFull = shareOf(fullest) > fullShare && !evictionPolicy.startsWith('volatile-')
  return {
    name,
    value: formatBytes(usedMemory),
    note: `${isStoreAway(stats) ? 'before the outage, ' : ''}${limit}, ${formatCount(clients)} clients, ${formatCount(evicted)} keys evicted`,
    problem: isFull ? { status: 'warn', section: 'LarderRedisMemory' } : undefined,
  }
}

/** Whether each part of the store fails: one of them may fail alone. */
function isStoreAway({ circuits }: LiveState['stats']): boolean {
  return circuits.length > 0 && circuits.every(({ state }) => state !== 'closed')
}

const shareOf = ({ usedMemory, maxMemory }: ServerUsage) => (maxMemory === 0 ? 0 : usedMemory / maxMemory)

function describeErrors(state: LiveState): Tile {
  const lastError = findLastError(state)
  return {
    name: 'Errors',
    value: formatCount(state.stats.errors),
    note: lastError ? `since the start, the last ${formatDuration(lastError.age)} ago` : 'since the start',
    problem: lastError?.isRecent ? { status: 'warn', section: 'LarderErrors' } : undefined,
  }
}

function createTile({ name, value, note, problem }: Tile): HTMLElement {
  const link = problem === undefined ? [] : [createElement('small', {}, createRunbookLink(problem.section))]
  return createElement(
    'div',
    { class: problem === undefined ? 'tile' : `tile ${problem.status}` },
    createElement('small', {}, name),
    createElement('b', {}, value),
    createElement('small', {}, note),
    ...link,
  )
}

function createMemoryTile({
  entries,
  bytes,
  maxBytes,
}: NonNullable<LiveState['stats']['usage']>): HTMLElement {
  const meter = createElement('meter', {
    min: '0',
    max: String(maxBytes),
    value: String(bytes),
    'aria-label': 'Memory used',
  })
  const note = `of ${formatBytes(maxBytes)}, ${formatCount(entries)} entries`
  const tile = createTile({ name: 'Memory', value: formatBytes(bytes), note })
  tile.append(meter)
  return tile
}

import { createElement, elementById } from './elements'
import { formatBytes, formatCount, formatDuration, formatPercent } from './format'
import type { LiveState } from './live-state'
import type { Rates } from './rates'

/** Shows the current figures at the top of the page. */
export function showTiles({ stats, activity }: LiveState, rates: Rates | undefined): void {
  const { usage } = stats
  const tiles = [
    createTile(
      'Hit ratio',
      rates?.hitRatio === undefined ? '–' : formatPercent(rates.hitRatio),
      'in the last second',
    ),
    createTile('Reads', rates === undefined ? '–' : formatCount(rates.readsPerSecond), 'per second'),
    createTile('In progress', formatCount(stats.flights), 'computations'),
    createTile(
      'Store latency',
      activity.slowCall === undefined ? '–' : formatDuration(activity.slowCall),
      '95th percentile',
    ),
    createTile('Lag', formatDuration(stats.lag), 'since the log was read'),
    createTile('Waiting', formatCount(stats.outbox), 'invalidations not in the log yet'),
    createTile('Errors', formatCount(stats.errors), 'since the start'),
    ...(usage === undefined ? [] : [createMemoryTile(usage)]),
  ]
  elementById('tiles').replaceChildren(...tiles)
}

function createTile(name: string, value: string, note: string): HTMLElement {
  return createElement(
    'div',
    { class: 'tile' },
    createElement('small', {}, name),
    createElement('b', {}, value),
    createElement('small', {}, note),
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
  const tile = createTile('Memory', formatBytes(bytes), note)
  tile.append(meter)
  return tile
}

import { byId, element } from './element'
import { bytes, count, duration, percent } from './format'
import type { State, Step } from './state'

/** The numbers at the top. */
export function showTiles({ stats, activity }: State, step: Step | undefined): void {
  const { usage } = stats
  const tiles = [
    tile('Hit ratio', step?.hitRatio === undefined ? '–' : percent(step.hitRatio), 'in the last second'),
    tile('Reads', step === undefined ? '–' : count(step.readsPerSecond), 'per second'),
    tile('Under way', count(stats.flights), 'computations'),
    tile(
      'Store',
      activity.slowCall === undefined ? '–' : duration(activity.slowCall),
      'one call in twenty takes longer',
    ),
    tile('Lag', duration(stats.lag), 'since proven current'),
    tile('Errors', count(stats.errors), 'since the start'),
    ...(usage === undefined ? [] : [memoryTile(usage)]),
  ]
  byId('tiles').replaceChildren(...tiles)
}

function tile(name: string, value: string, note: string): HTMLElement {
  return element(
    'div',
    { class: 'tile' },
    element('small', {}, name),
    element('b', {}, value),
    element('small', {}, note),
  )
}

function memoryTile({ entries, bytes: used, maxBytes }: NonNullable<State['stats']['usage']>): HTMLElement {
  const meter = element('meter', {
    min: '0',
    max: String(maxBytes),
    value: String(used),
    'aria-label': 'Memory used',
  })
  const made = tile('Memory', bytes(used), `of ${bytes(maxBytes)}, ${count(entries)} entries`)
  made.append(meter)
  return made
}

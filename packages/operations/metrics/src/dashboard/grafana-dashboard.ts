import { metric } from '../exposition/metric'
import type { Panel, Row } from './panels'
import { rows } from './rows'

const source = { type: 'prometheus', uid: '$' + '{datasource}' }
const width = 8
const height = 8
/** Grafana lays panels out on so many columns. */
const columns = 24

/**
 * A dashboard for Grafana 10 and newer, to import or to provision. It asks for its data source, and lets one choose jobs
 * and caches.
 */
export function grafanaDashboard() {
  return {
    uid: 'larder',
    title: 'Larder',
    tags: ['cache'],
    schemaVersion: 39,
    editable: true,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: variables() },
    panels: placed(rows),
  }
}

function variables() {
  const requests = metric('cache.requests')
  const values = (name: string, label: string, within: string) => ({
    name,
    label,
    type: 'query',
    datasource: source,
    query: { query: `label_values(${requests}${within}, ${label})`, refId: name },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  })
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    values('job', 'job', ''),
    values('cache', 'cache_name', '{job=~"$job"}'),
  ]
}

/** Rows one below the other, their panels side by side. */
function placed(all: readonly Row[]) {
  const panels: object[] = []
  let y = 0
  for (const { title, panels: inRow } of all) {
    panels.push({ id: panels.length + 1, type: 'row', title, gridPos: { x: 0, y, w: columns, h: 1 } })
    y += 1
    inRow.forEach((panel, at) => {
      const x = (at * width) % columns
      const line = Math.floor((at * width) / columns)
      panels.push({
        id: panels.length + 1,
        ...timeSeries(panel),
        gridPos: { x, y: y + line * height, w: width, h: height },
      })
    })
    y += Math.ceil((inRow.length * width) / columns) * height
  }
  return panels
}

function timeSeries({ title, description, unit, lines }: Panel) {
  return {
    type: 'timeseries',
    title,
    description,
    datasource: source,
    fieldConfig: { defaults: { unit, min: 0, ...(unit === 'percentunit' ? { max: 1 } : {}) }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: lines.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode(65 + at),
      datasource: source,
      expr,
      legendFormat: legend,
    })),
  }
}

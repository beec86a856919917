import { metricNameOf } from '../exposition/prometheus-names'
import type { Panel, Row } from './panels'
import { rows } from './rows'

const datasource = { type: 'prometheus', uid: '$' + '{datasource}' }
/** The size of a panel, in units of Grafana's grid. */
const panelWidth = 8
const panelHeight = 8
/** The number of columns in Grafana's grid. */
const gridColumns = 24

/**
 * A dashboard for Grafana 10 and newer, to import or to provision. It has variables for the data source, the jobs and the
 * caches.
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
    templating: { list: createVariables() },
    panels: placePanels(rows),
  }
}

function createVariables() {
  const requestsMetric = metricNameOf('cache.requests')
  const labelVariable = (name: string, label: string, selector: string) => ({
    name,
    label,
    type: 'query',
    datasource,
    query: { query: `label_values(${requestsMetric}${selector}, ${label})`, refId: name },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  })
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    labelVariable('job', 'job', ''),
    labelVariable('cache', 'cache_name', '{job=~"$job"}'),
  ]
}

/** Places rows below each other, and their panels side by side. */
function placePanels(rows: readonly Row[]) {
  const panels: object[] = []
  let y = 0
  for (const { title, panels: rowPanels } of rows) {
    panels.push({ id: panels.length + 1, type: 'row', title, gridPos: { x: 0, y, w: gridColumns, h: 1 } })
    y += 1
    rowPanels.forEach((panel, index) => {
      const x = (index * panelWidth) % gridColumns
      const line = Math.floor((index * panelWidth) / gridColumns)
      panels.push({
        id: panels.length + 1,
        ...timeSeriesPanel(panel),
        gridPos: { x, y: y + line * panelHeight, w: panelWidth, h: panelHeight },
      })
    })
    y += Math.ceil((rowPanels.length * panelWidth) / gridColumns) * panelHeight
  }
  return panels
}

function timeSeriesPanel({ title, description, unit, lines }: Panel) {
  return {
    type: 'timeseries',
    title,
    description,
    datasource,
    fieldConfig: { defaults: { unit, min: 0, ...(unit === 'percentunit' ? { max: 1 } : {}) }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: lines.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr,
      legendFormat: legend,
    })),
  }
}

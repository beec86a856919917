import { booleanKind, checkOptions, type OptionTable, type ServiceOperations, textKind } from '@larder/core'
import { defaultRunbook, servicesKind } from '../alerts/alert-options'
import type { Panel, Row, StatPanel } from './panels'
import { type CacheTerms, createCacheTerms, createServiceTerms, selector } from './queries'
import { rows } from './rows'

const datasource = { type: 'prometheus', uid: '$' + '{datasource}' }
/** The size of a panel, in units of Grafana's grid. */
const timeSeriesSize = { width: 8, height: 8 }
const statSize = { width: 4, height: 5 }
/** The number of columns in Grafana's grid. */
const gridColumns = 24

/** Options of {@link grafanaDashboard}. */
export interface DashboardOptions {
  /** The URL of your runbook. @defaultValue the runbook in Larder's repository */
  readonly runbook?: string | undefined
  /**
   * Services beside the cache that get a row each, such as `operations` of `@larder/rate-limit/operations`.
   * @defaultValue none
   */
  readonly services?: readonly ServiceOperations[] | undefined
  /**
   * Whether names of metrics end in their unit (`cache_follower_lag_seconds`), as those of `prometheusMetrics` and of OTLP
   * do. `false` for `@opentelemetry/exporter-prometheus`, which adds no units.
   * @defaultValue true
   */
  readonly unitSuffixes?: boolean | undefined
}

const optionTable: OptionTable<DashboardOptions> = {
  runbook: textKind,
  services: servicesKind,
  unitSuffixes: booleanKind,
}

/**
 * A dashboard for Grafana 10 and newer, to import or to provision. It has variables for the data source, the jobs, the
 * processes, the caches and their functions.
 *
 * @example
 * ```ts
 * writeFileSync('dashboard.json', JSON.stringify(grafanaDashboard({ services: [operations] })))
 * ```
 * @throws LarderError `BAD_OPTION` for an unknown option, and for a value that it does not accept.
 */
export function grafanaDashboard(options: DashboardOptions = {}) {
  checkOptions('grafanaDashboard', options, optionTable)
  const { runbook = defaultRunbook, services = [], unitSuffixes = true } = options
  const terms = createCacheTerms(unitSuffixes)
  return {
    uid: 'larder',
    title: 'Larder',
    tags: ['cache'],
    schemaVersion: 39,
    editable: true,
    refresh: '10s',
    // One crosshair for all panels.
    graphTooltip: 1,
    links: [createRunbookLink(runbook)],
    annotations: { list: [createLossAnnotation(terms)] },
    time: { from: 'now-1h', to: 'now' },
    templating: { list: createVariables(terms) },
    panels: placePanels([
      ...rows.map((row) => renderRow(row, terms)),
      ...services.map((service) => renderRow(service, createServiceTerms(unitSuffixes, service.metrics))),
    ]),
  }
}

function createRunbookLink(url: string) {
  return {
    title: 'Runbook',
    type: 'link' as const,
    url,
    icon: 'doc',
    tooltip: 'A section for each alert',
    tags: [],
    asDropdown: false,
    targetBlank: true,
    includeVars: false,
    keepTime: false,
  }
}

/** A line through all panels when the log had lost records: the hit ratio falls then. */
function createLossAnnotation({ metric }: CacheTerms) {
  return {
    name: 'Log had lost records',
    datasource,
    enable: true,
    iconColor: 'red',
    expr: `increase(${metric('cache.divergences')}{${selector}}[1m]) > 0`,
    titleFormat: 'The log of {{cache_name}} had lost records',
  }
}

function createVariables({ metric }: CacheTerms) {
  const requestsMetric = metric('cache.requests')
  const labelVariable = (name: string, label: string, selector: string) => ({
    name,
    label,
    type: 'query' as const,
    datasource,
    query: { query: `label_values(${requestsMetric}${selector}, ${label})`, refId: name },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  })
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource' as const, query: 'prometheus' },
    labelVariable('job', 'job', ''),
    labelVariable('instance', 'instance', '{job=~"$job"}'),
    labelVariable('cache', 'cache_name', '{job=~"$job"}'),
    labelVariable('function', 'cache_function', '{job=~"$job",cache_name=~"$cache"}'),
  ]
}

type RenderedPanel = ReturnType<typeof timeSeriesPanel> | ReturnType<typeof statPanel>

/** In units of Grafana's grid. */
interface GridPosition {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** A row in Grafana's terms, without the places of its panels. */
interface RenderedRow {
  readonly title: string
  readonly panels: readonly RenderedPanel[]
  /** Of each panel. */
  readonly size: typeof statSize
}

function renderRow<Terms>({ title, panels }: Row<Terms>, terms: Terms): RenderedRow {
  return {
    title,
    panels: panels.map((panel) => (isStat(panel) ? statPanel(panel, terms) : timeSeriesPanel(panel, terms))),
    size: panels.every(isStat) ? statSize : timeSeriesSize,
  }
}

type PlacedPanel = { readonly id: number; readonly gridPos: GridPosition } & (
  | RenderedPanel
  | { readonly type: 'row'; readonly title: string; readonly collapsed: boolean; readonly panels: never[] }
)

/** Places rows below each other, and their panels side by side. */
function placePanels(rows: readonly RenderedRow[]) {
  const panels: PlacedPanel[] = []
  let y = 0
  for (const { title, panels: rowPanels, size } of rows) {
    const gridPos = { x: 0, y, w: gridColumns, h: 1 }
    panels.push({ id: panels.length + 1, type: 'row', title, collapsed: false, panels: [], gridPos })
    y += 1
    const { width, height } = size
    rowPanels.forEach((panel, index) => {
      const x = (index * width) % gridColumns
      const line = Math.floor((index * width) / gridColumns)
      panels.push({
        id: panels.length + 1,
        ...panel,
        gridPos: { x, y: y + line * height, w: width, h: height },
      })
    })
    y += Math.ceil((rowPanels.length * width) / gridColumns) * height
  }
  return panels
}

const isStat = <Terms>(panel: Panel<Terms> | StatPanel<Terms>): panel is StatPanel<Terms> => 'colors' in panel

function statPanel<Terms>({ colors, ...panel }: StatPanel<Terms>, terms: Terms) {
  const [below, ...from] = colors
  const steps = [{ color: below, value: null }, ...from.map(([value, color]) => ({ color, value }))]
  return {
    ...timeSeriesPanel(panel, terms),
    type: 'stat',
    fieldConfig: {
      defaults: { unit: panel.unit, thresholds: { mode: 'absolute' as const, steps } },
      overrides: [],
    },
    options: { colorMode: 'background', graphMode: 'area', reduceOptions: { calcs: ['lastNotNull'] } },
  }
}

function timeSeriesPanel<Terms>({ title, description, unit, lines }: Panel<Terms>, terms: Terms) {
  return {
    type: 'timeseries',
    title,
    description,
    datasource,
    fieldConfig: { defaults: { unit, min: 0, ...(unit === 'percentunit' ? { max: 1 } : {}) }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: lines.map(({ createQuery, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr: createQuery(terms),
      legendFormat: legend,
    })),
  }
}

import type { MetricDefinition, PanelTerms, ServiceOperations } from '@larder/core'
import { metricNameOf } from '../exposition/prometheus-names'
import type { Row } from './panels'
import { interval, processSelector } from './queries'

/** One row for each kind of services. */
export function createServiceRows(services: readonly ServiceOperations[]): readonly Row[] {
  return services.map(({ title, metrics, panels }) => {
    const terms = createPanelTerms(metrics)
    return {
      title,
      panels: panels.map(({ lines, ...panel }) => ({
        ...panel,
        lines: lines.map(({ legend, createQuery }) => ({ legend, expr: createQuery(terms) })),
      })),
    }
  })
}

function createPanelTerms(metrics: readonly MetricDefinition[]): PanelTerms {
  const metric = (name: string) => metricNameOf(name, true, metrics)
  const select = (matchers?: string) => `{${processSelector}${matchers === undefined ? '' : `,${matchers}`}}`
  return {
    metric,
    sumGauge: (name, by) => `sum by (${by}) (${metric(name)}${select()})`,
    sumRate: (name, by, matchers) => `sum by (${by}) (rate(${metric(name)}${select(matchers)}${interval}))`,
    quantileOf: (name, quantile) =>
      `histogram_quantile(${quantile}, sum by (le) (rate(${metric(name)}_bucket${select()}${interval})))`,
  }
}

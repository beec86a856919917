import type { MetricDefinition, PanelTerms } from '@larder/core'
import { metricNameOf } from '../exposition/prometheus-names'
import type { Line } from './panels'

/** Selects the jobs and processes chosen in the dashboard's variables. */
const processSelector = 'job=~"$job",instance=~"$instance"'
/** Selects the caches as well. */
export const selector = `${processSelector},cache_name=~"$cache"`
/** Selects the functions as well. */
export const functionSelector = `${selector},cache_function=~"$function"`
export const interval = '[$__rate_interval]'

/** Matches the reads that did not run their function. */
export const served = 'cache_result=~"hit|stale"'

/** The terms of panels on caches. */
export interface CacheTerms extends PanelTerms {
  quantileOf(name: string, quantile: number, by?: string): string
  /** The rate of a counter of the chosen functions. `matchers` choose series. */
  functionRate(name: string, by: string, matchers?: string): string
}

/** The terms of panels on services. `metrics` are those of the service. */
export function createServiceTerms(hasUnits: boolean, metrics: readonly MetricDefinition[]): PanelTerms {
  return createPanelTerms((name) => metricNameOf(name, hasUnits, metrics), processSelector)
}

export function createCacheTerms(hasUnits: boolean): CacheTerms {
  const metric = (name: string) => metricNameOf(name, hasUnits)
  return {
    ...createPanelTerms(metric, selector),
    functionRate: createPanelTerms(metric, functionSelector).sumRate,
  }
}

function createPanelTerms(metric: PanelTerms['metric'], selector: string) {
  const select = (matchers?: string) => `{${selector}${matchers === undefined ? '' : `,${matchers}`}}`
  return {
    metric,
    sumGauge: (name: string, by: string) => `sum by (${by}) (${metric(name)}${select()})`,
    sumRate: (name: string, by: string, matchers?: string) =>
      `sum by (${by}) (rate(${metric(name)}${select(matchers)}${interval}))`,
    quantileOf(name: string, quantile: number, by?: string) {
      const labels = by === undefined ? 'le' : `le, ${by}`
      return `histogram_quantile(${quantile}, sum by (${labels}) (rate(${metric(name)}_bucket${select()}${interval})))`
    },
  }
}

export const quantileLines = (name: string): readonly Line<CacheTerms>[] =>
  [0.5, 0.95, 0.99].map((quantile) => ({
    createQuery: ({ quantileOf }) => quantileOf(name, quantile),
    legend: `${quantile * 100} %`,
  }))

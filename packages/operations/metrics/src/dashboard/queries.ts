import { metricNameOf } from '../exposition/prometheus-names'
import type { Line } from './panels'

/** Selects the jobs and processes chosen in the dashboard's variables. */
export const processSelector = 'job=~"$job",instance=~"$instance"'
/** Selects the caches as well. */
export const selector = `${processSelector},cache_name=~"$cache"`
/** Selects the functions as well. */
export const functionSelector = `${selector},cache_function=~"$function"`
export const interval = '[$__rate_interval]'

export const sumGauge = (name: string, by: string) => `sum by (${by}) (${metricNameOf(name)}{${selector}})`

export const sumRate = (name: string, by: string, more = '') =>
  `sum by (${by}) (rate(${metricNameOf(name)}{${selector}${more}}${interval}))`

/** The rate of a counter of functions. `more` are further matchers. */
export const functionRate = (name: string, by: string, more = '') =>
  `sum by (${by}) (rate(${metricNameOf(name)}{${functionSelector}${more}}${interval}))`

export function quantileOf(name: string, q: number, by: string): string {
  const rates = `sum by (${by === '' ? 'le' : `le, ${by}`}) (rate(${metricNameOf(name)}_bucket{${selector}}${interval}))`
  return `histogram_quantile(${q}, ${rates})`
}

export const quantileLines = (name: string): Line[] =>
  [0.5, 0.95, 0.99].map((q) => ({ expr: quantileOf(name, q, ''), legend: `${q * 100} %` }))

/** Matches the reads that did not run their function. */
export const served = ',cache_result=~"hit|stale"'

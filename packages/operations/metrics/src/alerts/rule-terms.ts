import type { MetricDefinition } from '@larder/core'
import { metricNameOf } from '../exposition/prometheus-names'
import type { ResolvedAlertOptions } from './alert-options'
import type { AlertingRule, Severity } from './rule'

/** The texts of one alert: `{{ $value }}` stands for the result of its query. */
interface AlertTexts {
  /** How long the condition has to hold, in minutes. */
  readonly minutes: number
  readonly expr: string
  readonly summary: string
  readonly description: string
}

/**
 * The terms that rules are made of.
 * @param metrics - Those of a service; by default those of a cache.
 */
export function createRuleTerms(options: ResolvedAlertOptions, metrics?: readonly MetricDefinition[]) {
  const { runbook, processLabels, unitSuffixes, timeScale } = options

  /** A duration in PromQL. */
  const duration = (minutes: number) => `${Math.ceil(minutes * 60 * timeScale)}s`

  /** Aggregates the processes of a service. `others` are labels that the result has no need for either. */
  const across = (
    aggregation: 'sum' | 'avg' | 'count' | 'group' | 'max',
    expr: string,
    others: readonly string[] = [],
  ) => `${aggregation} without (${[...processLabels, ...others].join(', ')}) (${expr})`

  const metric = (name: string) => metricNameOf(name, unitSuffixes, metrics)

  return {
    options,
    duration,
    across,
    metric,
    /** The rate of a counter of all processes. `selector` follows its name. */
    rateOf: (name: string, minutes: number, selector = '', others: readonly string[] = []) =>
      across('sum', `rate(${metric(name)}${selector}[${duration(minutes)}])`, others),

    defineAlert: (severity: Severity, alert: string, texts: AlertTexts): AlertingRule => ({
      alert,
      expr: texts.expr,
      for: duration(texts.minutes),
      labels: { severity },
      annotations: {
        summary: texts.summary,
        description: texts.description,
        runbook_url: `${runbook}#${alert.toLowerCase()}`,
      },
    }),
  }
}

export type RuleTerms = ReturnType<typeof createRuleTerms>

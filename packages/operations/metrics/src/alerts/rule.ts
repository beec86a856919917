/** `critical` pages somebody: users are harmed, or will be. `warning` can wait until the morning. */
export type Severity = 'critical' | 'warning'

/** A rule that records the result of a query as a new series. */
export interface RecordingRule {
  readonly record: string
  readonly expr: string
}

/** A rule that alerts for each result of a query. */
export interface AlertingRule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: Severity }
  readonly annotations: {
    readonly summary: string
    readonly description: string
    readonly runbook_url: string
  }
}

/** A recording rule or an alerting rule, in the shape of a Prometheus rule file. */
export type Rule = RecordingRule | AlertingRule

/** A Prometheus rule file. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}

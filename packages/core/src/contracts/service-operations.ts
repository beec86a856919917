import type { MetricDefinition } from './service'

/** The terms of queries in PromQL that depend on how an application is monitored. */
export interface QueryTerms {
  /** The Prometheus name of a metric: `ratelimit_requests_total` for `ratelimit.requests`. */
  metric(name: string): string
}

/** The terms of alerts. */
export interface AlertTerms extends QueryTerms {
  /** A duration in PromQL. */
  duration(minutes: number): string
  /** Aggregates the processes of an application. `others` are further labels that the result does not have. */
  across(aggregation: 'sum' | 'avg' | 'count', expr: string, others?: readonly string[]): string
  /** The rate of a counter of all processes. `selector` follows its name: `{ratelimit_result="refused"}`. */
  rateOf(name: string, minutes: number, selector?: string, others?: readonly string[]): string
}

/** An alert on a service. */
export interface ServiceAlert {
  /** Also the heading of its section in the runbook: `LarderLimitsLocal`. */
  readonly name: string
  readonly severity: 'critical' | 'warning'
  /** How long the condition has to hold, in minutes. */
  readonly minutes: number
  readonly summary: string
  readonly description: string
  createQuery(terms: AlertTerms): string
}

/** The terms of panels. */
export interface PanelTerms extends QueryTerms {
  /** The sum over the chosen processes, by these labels: of a gauge, or of the rate of a counter. */
  sumGauge(name: string, by: string): string
  /** `matchers` choose series: `ratelimit_result="refused"`. */
  sumRate(name: string, by: string, matchers?: string): string
  /** A quantile of a histogram over the chosen processes. */
  quantileOf(name: string, quantile: number): string
}

/** A panel of the dashboard. */
export interface ServicePanel {
  readonly title: string
  readonly description: string
  /** Grafana's unit: `percentunit`, `s`, `bytes`, `reqps`, `short`. */
  readonly unit: string
  readonly lines: readonly { readonly legend: string; createQuery(terms: PanelTerms): string }[]
}

/** The Redis server that a command line was given. */
export interface ServiceServer {
  /** The beginning of every key. */
  readonly prefix: string
  /** The name that the command line gives, which services of any kind may have. */
  readonly name: string
  /** The user whose rights are checked; undefined for the logged-in user. */
  readonly user?: string | undefined
  /** Runs a command on the node that owns its key. */
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>
  /** The fields of INFO of one node. */
  readInfo(): Promise<ReadonlyMap<string, string>>
  /** Finds keys that match a glob pattern, at most about `max`, by a bounded number of SCAN calls. */
  findKeys(pattern: string, max: number): Promise<readonly string[]>
}

/** The result of one check. */
export interface CheckResult {
  /** `unknown`: the server refused to give the information that the check needs. */
  readonly status: 'ok' | 'warn' | 'fail' | 'unknown'
  /** The state of the server, and its consequence if it is not as it should be. */
  readonly found: string
  /** The change to make. */
  readonly advice?: string | undefined
}

/** A check of `larder doctor`. */
export interface ServiceCheck {
  readonly name: string
  /** Resolves to undefined where the service has no keys. Changes nothing. */
  run(server: ServiceServer): Promise<CheckResult | undefined>
}

/** The state of a service on a server. */
export interface ServiceReport {
  /** For `--json`. */
  readonly data: Readonly<Record<string, unknown>>
  /** For people: columns, with their titles first. */
  readonly table: readonly (readonly string[])[]
  /** A sentence for people, such as why there is nothing. */
  readonly note?: string | undefined
}

/**
 * A kind of services as the tools of operations know it: what it measures, when somebody must know, and how its state on a
 * server is read. A package of a service exports it as `operations` from its entry point `/operations`.
 *
 * @example
 * ```ts
 * import { operations } from '@larder/rate-limit/operations'
 * writeFileSync('rules.yml', stringify(alertRules({ services: [operations] })))
 * ```
 */
export interface ServiceOperations {
  /** As in {@link Service.kind}. */
  readonly kind: string
  /** The title of its row in the dashboard. */
  readonly title: string
  readonly metrics: readonly MetricDefinition[]
  readonly alerts: readonly ServiceAlert[]
  readonly panels: readonly ServicePanel[]
  readonly checks: readonly ServiceCheck[]
  /** Reads the state of the services of this name, or that of one subject, such as a user. Changes nothing. */
  inspect(server: ServiceServer, subject: string | undefined): Promise<ServiceReport>
}

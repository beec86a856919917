/** One line of a metric. */
export interface Sample {
  /** The metric's own, or with `_bucket`, `_sum` or `_count` after it. */
  readonly metricName: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** All lines of a metric, in the shape that prom-client's metrics answer with. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly values: readonly Sample[]
}

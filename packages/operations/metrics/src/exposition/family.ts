/** One sample of a metric: a line in the text format. */
export interface Sample {
  /** The name of the metric with the suffix `_bucket`, `_sum` or `_count`, for histograms. @defaultValue the family's name */
  readonly metricName?: string | undefined
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** All samples of a metric, in the shape that the `get` of prom-client's metrics resolves to. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly values: readonly Sample[]
}

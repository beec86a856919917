/** One line in a panel: what to ask Prometheus, and what to call it. */
export interface Line {
  readonly expr: string
  readonly legend: string
}

/** A panel as it is described here; Grafana's own form is made of it. */
export interface Panel {
  readonly title: string
  readonly description: string
  /** How Grafana writes values: `percentunit`, `s`, `bytes`, `reqps`, `short`. */
  readonly unit: string
  readonly lines: readonly Line[]
}

/** Panels that belong together. */
export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** A line in a panel: its query in PromQL, and its label. */
export interface Line<Terms> {
  createQuery(terms: Terms): string
  readonly legend: string
}

/** The description of a panel, from which Grafana's JSON is generated. */
export interface Panel<Terms> {
  readonly title: string
  readonly description: string
  /** Grafana's unit for the values: `percentunit`, `s`, `bytes`, `reqps`, `short`. */
  readonly unit: string
  readonly lines: readonly Line<Terms>[]
}

/** A panel with one large number, whose colour says whether it is good. */
export interface StatPanel<Terms> extends Panel<Terms> {
  /** The colour below the first bound, and from each bound on. */
  readonly colors: readonly [below: string, ...from: (readonly [bound: number, color: string])[]]
}

/** A row of panels with a common title. */
export interface Row<Terms> {
  readonly title: string
  readonly panels: readonly (Panel<Terms> | StatPanel<Terms>)[]
}

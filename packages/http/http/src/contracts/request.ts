/** Reads header fields by lower-case name, several lines combined by commas, `null` where there is none: `Headers` does. */
export interface FieldReader {
  get(name: string): string | null
}

/** A request as the cache sees it. `S` is the framework's own request. */
export interface HttpRequest<S = unknown> {
  readonly method: string
  /** `http` or `https`. */
  readonly scheme: string
  /** The `Host` field, or what the framework makes of it. */
  readonly host: string
  /** Path and query as the router sees them. */
  readonly target: string
  readonly headers: FieldReader
  readonly source: S
}

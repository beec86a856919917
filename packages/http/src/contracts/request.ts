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

/** A web-standard request as the cache sees it. */
export function fromWebRequest(request: Request): HttpRequest<Request> {
  const { url, method, headers } = request
  const pathAt = url.indexOf('/', url.indexOf('://') + 3)
  const [scheme = 'http', host = ''] = url.slice(0, pathAt).split('://')
  const hash = url.indexOf('#', pathAt)
  return {
    method,
    scheme,
    host,
    target: url.slice(pathAt, hash < 0 ? undefined : hash),
    headers,
    source: request,
  }
}

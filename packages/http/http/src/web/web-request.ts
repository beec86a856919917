import type { HandlerRun } from '../contracts/handler'
import type { HttpRequest } from '../contracts/request'

/** A web-standard request as the cache sees it. */
export function fromWebRequest(request: Request): HttpRequest<Request> {
  const { url, method, headers } = request
  const hostAt = url.indexOf('://') + 3
  const pathAt = url.indexOf('/', hostAt)
  const hash = url.indexOf('#', pathAt)
  return {
    method,
    scheme: url.slice(0, hostAt - 3),
    host: url.slice(hostAt, pathAt),
    target: url.slice(pathAt, hash < 0 ? undefined : hash),
    headers,
    source: request,
  }
}

/** The request as the handler is to see it. */
export function withChanges(request: Request, changes: HandlerRun['changes']): Request {
  const differs = ([name, value]: [string, string | undefined]) =>
    (request.headers.get(name) ?? undefined) !== value
  if (!Object.entries(changes).some(differs)) return request
  const headers = new Headers(request.headers)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  }
  return new Request(request, { headers })
}

import type { HandlerRun } from '../contracts/handler'
import type { HttpRequest } from '../contracts/request'

/** A web-standard request as the cache sees it. */
export function fromWebRequest(request: Request): HttpRequest<Request> {
  const { url, method, headers } = request
  const hostStart = url.indexOf('://') + 3
  const pathStart = url.indexOf('/', hostStart)
  const hash = url.indexOf('#', pathStart)
  return {
    method,
    scheme: url.slice(0, hostStart - 3),
    host: url.slice(hostStart, pathStart),
    target: url.slice(pathStart, hash < 0 ? undefined : hash),
    headers,
    source: request,
  }
}

/** The request for the handler, with the fields that {@link HandlerRun} changes. The same object if none differs. */
export function withChanges(request: Request, changes: HandlerRun['changes']): Request {
  const isDifferent = ([name, value]: [string, string | undefined]) =>
    (request.headers.get(name) ?? undefined) !== value
  if (!Object.entries(changes).some(isDifferent)) return request
  const headers = new Headers(request.headers)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  }
  return new Request(request, { headers })
}

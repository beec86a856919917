import type { HandlerRun } from '../contracts/handler'
import type { HttpRequest } from '../contracts/request'
import type { FieldReader } from '../fields/fields'
import { normaliseHost } from '../storage/key'

/**
 * A web-standard request as the cache sees it. One whose `Host` differs from its URL is ambiguous: a target in absolute
 * form names another host than the field that handlers read (RFC 9112 §3.2.2).
 */
export function fromWebRequest<S>(
  request: Request,
  exchange: Pick<HttpRequest<S>, 'source' | 'fieldNames' | 'hasClientCertificate'> & {
    readonly headers?: FieldReader | undefined
  },
): HttpRequest<S> {
  const { url, method } = request
  const { source, fieldNames, hasClientCertificate, headers = request.headers } = exchange
  const hostStart = url.indexOf('://') + 3
  const pathStart = url.indexOf('/', hostStart)
  const hash = url.indexOf('#', pathStart)
  const scheme = url.slice(0, hostStart - 3)
  const host = url.slice(hostStart, pathStart)
  const namedHost = headers.get('host')
  return {
    method,
    scheme,
    host,
    isAmbiguous:
      namedHost !== null &&
      namedHost !== host &&
      normaliseHost(namedHost, scheme) !== normaliseHost(host, scheme),
    target: url.slice(pathStart, hash < 0 ? undefined : hash),
    headers,
    fieldNames,
    source,
    hasClientCertificate,
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

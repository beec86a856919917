import type { Handler } from '../contracts/handler'
import type { HttpCacheOptions } from '../contracts/options'
import type { HttpRequest } from '../contracts/request'
import type { RuleRequest } from '../contracts/route-rule'
import { parseDirectives } from '../fields/directives'
import { isSafeMethod } from '../policy/invalidation'
import type { RouteTable } from '../routes/route-table'
import { makePrimaryKey, normaliseHost } from '../storage/key'
import { pathOf } from '../storage/target'
import type { Exchange } from './exchange'
import { RoutedRequest } from './routed-request'

/** The options that decide which requests bypass the cache. */
interface RequestParserOptions<S> extends Pick<HttpCacheOptions<S>, 'user' | 'hosts'> {
  readonly routes: RouteTable
  readonly maxTargetLength: number
}

/** Makes a parser of requests. It returns undefined for requests that bypass the cache. */
export function createRequestParser<S>({ routes, user, hosts, maxTargetLength }: RequestParserOptions<S>) {
  const cachedHosts = hosts && new Set(hosts.map((host) => host.toLowerCase()))

  return (request: HttpRequest<S>, handler: Handler): Exchange | undefined => {
    const { method, scheme, target, headers, source } = request
    const { route, rule, params } = routes.matchRoute(method, pathOf(target))
    if (rule === undefined || target.length > maxTargetLength) return undefined
    const host = normaliseHost(request.host, scheme)
    if (cachedHosts !== undefined && !cachedHosts.has(host)) return undefined
    const isPrivate = rule.scope === 'private'
    const userId = (isPrivate ? user?.(source) : undefined) ?? undefined
    if (isPrivate && (userId === undefined || userId === '') && isSafeMethod(method)) return undefined
    const routed = new RoutedRequest(request, params)
    const origin = `${scheme}://${host}`
    return {
      request: routed,
      handler,
      rule,
      route,
      origin,
      primaryKey: makePrimaryKey(routed, rule, origin, userId),
      requestDirectives: parseDirectives(headers.get('cache-control') ?? headers.get('pragma') ?? undefined),
    }
  }
}

/** Fields that make a request bypass the cache. */
const bypassFields = [
  // Overrides of the method: the response is then not one to GET.
  ...['x-http-method-override', 'x-http-method', 'x-method-override'],
  // Preconditions that only the handler can evaluate (RFC 9110 §13.1.1, §13.1.4).
  ...['if-match', 'if-unmodified-since'],
  // A body.
  'transfer-encoding',
]

/** Whether method and fields allow caching. A GET with a body does not: the body is not part of the key. */
export function isCacheableRequest({ method, headers }: RuleRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  for (const name of bypassFields) if (headers.get(name) !== null) return false
  return (headers.get('content-length') ?? '0') === '0'
}

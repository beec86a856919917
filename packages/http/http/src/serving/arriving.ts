import type { Handler } from '../contracts/handler'
import type { HttpRequest } from '../contracts/request'
import { parseDirectives } from '../fields/directives'
import type { HttpCacheOptions, RuleRequest } from '../options'
import { isSafe } from '../policy/invalidation'
import type { RouteTable } from '../routes/routes'
import { normalisedHost, pathOf, primaryKey } from '../storage/key'
import { AskedRequest } from './asked-request'
import type { Exchange } from './exchange'

/** What tells which requests are for the cache. */
export interface ArrivingOptions<S> extends Pick<HttpCacheOptions<S>, 'user' | 'hosts'> {
  readonly routes: RouteTable
  readonly maxTargetLength: number
}

/** Finds out what a request is about. Undefined: it is none of the cache's business. */
export function createArriving<S>({ routes, user, hosts, maxTargetLength }: ArrivingOptions<S>) {
  const known = hosts && new Set(hosts.map((host) => host.toLowerCase()))

  return (request: HttpRequest<S>, handler: Handler): Exchange | undefined => {
    const { method, scheme, target, headers, source } = request
    const { route, rule, params } = routes.match(method, pathOf(target))
    if (rule === undefined || target.length > maxTargetLength) return undefined
    const host = normalisedHost(request.host, scheme)
    if (known !== undefined && !known.has(host)) return undefined
    const isPrivate = rule.scope === 'private'
    const who = (isPrivate ? user?.(source) : undefined) ?? undefined
    if (isPrivate && (who === undefined || who === '') && isSafe(method)) return undefined
    const asked = new AskedRequest(request, params)
    const origin = `${scheme}://${host}`
    return {
      request: asked,
      handler,
      rule,
      route,
      origin,
      primary: primaryKey(asked, rule, origin, who),
      asked: parseDirectives(headers.get('cache-control') ?? headers.get('pragma') ?? undefined),
    }
  }
}

/** Requests that ask for another method than they say: what they get is no answer to a GET. */
const methodOverrides = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Preconditions that only the handler can judge. */
const forHandlerOnly = ['if-match', 'if-unmodified-since']

const forbidding = [...methodOverrides, ...forHandlerOnly, 'transfer-encoding']

/** Whether the method and the fields of a request leave room for a cache. A GET with a body asks for what its URL does not say. */
export function isCacheable({ method, headers }: RuleRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  for (const name of forbidding) if (headers.get(name) !== null) return false
  return (headers.get('content-length') ?? '0') === '0'
}

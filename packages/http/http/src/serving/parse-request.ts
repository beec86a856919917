import type { Handler } from '../contracts/handler'
import { credentialFields, defaults, type HttpCacheOptions, ownCredentialFields } from '../contracts/options'
import type { HttpRequest } from '../contracts/request'
import type { RuleRequest } from '../contracts/route-rule'
import { parseDirectives } from '../fields/directives'
import type { FieldReader } from '../fields/fields'
import { isSafeMethod } from '../policy/invalidation'
import type { RouteTable } from '../routes/route-table'
import { digestCredentials, type KeyInput, makePrimaryKey, normaliseHost } from '../storage/key'
import { pathOf } from '../storage/target'
import type { Warn } from '../warner'
import type { Exchange, ResponseCache } from './exchange'
import { createIdentification } from './identify-user'
import { RoutedRequest } from './routed-request'

/** The options that decide which requests bypass the cache. */
type RequestOptions<S> = Pick<HttpCacheOptions<S>, 'user' | 'hosts' | 'credentials' | 'maxTargetLength'>

/**
 * Makes a parser of requests. It returns undefined for requests that bypass the cache.
 * @throws LarderError `BAD_OPTION` for an invalid `user`.
 */
export function createRequestParser<S>(
  routes: RouteTable,
  responsesOf: (route: string) => ResponseCache,
  options: RequestOptions<S>,
  warn: Warn,
) {
  const { hosts, maxTargetLength = defaults.maxTargetLength } = options
  const identifyUser = createIdentification(options.user, warn)
  const cachedHosts = hosts && new Set(hosts.map((host) => host.toLowerCase()))
  const ownCredentials = ownCredentialFields(options)
  const credentials = credentialFields(options)

  function parseRequest(request: HttpRequest<S>, handler: Handler): Exchange | undefined {
    const { method, scheme, target, headers, source } = request
    if (target.length > maxTargetLength || (request.isAmbiguous && isSafeMethod(method))) return undefined
    const match = routes.matchRoute(method, pathOf(target))
    const { route, rule, params } = match
    if (rule === undefined) return undefined
    const host = normaliseHost(request.host, scheme)
    if (cachedHosts !== undefined && !cachedHosts.has(host)) return undefined
    const origin = `${scheme}://${host}`
    const isRead = isSafeMethod(method)
    const identity = isRead && !rule.isExplicitlyPublic ? identifyUser(source) : undefined
    if (identity === 'unknown') return undefined
    const user = rule.scope === 'private' ? identity?.id : undefined
    const routed = new RoutedRequest(request, params)
    const primaryKey = isRead ? keyOfRead({ request: routed, match, rule, origin, user }, ownCredentials) : ''
    if (primaryKey === undefined) return undefined
    return {
      request: routed,
      handler,
      rule,
      route,
      responses: responsesOf(route),
      origin,
      primaryKey,
      user,
      hasCredentials:
        identity !== undefined || request.hasClientCertificate === true || hasAny(headers, credentials),
      mustRefresh: isRead && rule.refreshIf(routed),
      requestDirectives: parseDirectives(headers.get('cache-control') ?? headers.get('pragma') ?? undefined),
    }
  }

  return parseRequest
}

/** Undefined if a function of the rule excludes the request, or if it is not certain who may share the response. */
function keyOfRead(
  { request, match, rule, origin, user }: Omit<KeyInput, 'credentials'>,
  credentialFields: readonly string[],
): string | undefined {
  const isPrivate = rule.scope === 'private'
  if (isPrivate && user === undefined) return undefined
  if (!rule.cacheIf(request)) return undefined
  // A second identity beside the user: the handler may go by either.
  const credentials = isPrivate ? digestCredentials(request, credentialFields) : []
  return credentials && makePrimaryKey({ request, match, rule, origin, user, credentials })
}

function hasAny(headers: FieldReader, names: readonly string[]): boolean {
  for (const name of names) if (headers.get(name) !== null) return true
  return false
}

/** Fields that make a request bypass the cache. */
const bypassFields = [
  // A connection that changes its protocol has no response.
  'upgrade',
  // Overrides of the method: the response is then not one to GET.
  ...['x-http-method-override', 'x-http-method', 'x-method-override'],
  // Preconditions that only the handler can evaluate (RFC 9110 §13.1.1, §13.1.4).
  ...['if-match', 'if-unmodified-since'],
  // A body.
  'transfer-encoding',
]

/** Whether method and fields allow caching. A GET with a body does not: the body is not part of the key. */
export function isCacheableRequest({ method, headers, hasBody }: RuleRequest): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || hasBody === true) return false
  if (hasAny(headers, bypassFields)) return false
  // An event stream has no end.
  if (headers.get('accept')?.startsWith('text/event-stream')) return false
  return (headers.get('content-length') ?? '0') === '0'
}

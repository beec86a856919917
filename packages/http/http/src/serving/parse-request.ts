import type { Handler } from '../contracts/handler'
import { credentialFields, defaults, type HttpCacheOptions, ownCredentialFields } from '../contracts/options'
import type { HttpRequest } from '../contracts/request'
import { noDirectives, parseDirectives } from '../fields/directives'
import { createGroupFinder, fieldGroup, mayHave, obstacleFields } from '../fields/field-groups'
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
  const findGroups = createGroupFinder(credentials)

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
    const fieldGroups = findGroups(request.fieldNames)
    const primaryKey = isRead
      ? keyOfRead({ request: routed, fieldGroups, match, rule, origin, user }, ownCredentials)
      : ''
    if (primaryKey === undefined) return undefined
    return {
      request: routed,
      fieldGroups,
      handler,
      rule,
      route,
      responses: responsesOf(route),
      origin,
      primaryKey,
      user,
      hasCredentials:
        identity !== undefined ||
        request.hasClientCertificate === true ||
        (mayHave(fieldGroups, fieldGroup.credential) && hasAny(headers, credentials)),
      mustRefresh: isRead && rule.refreshIf(routed),
      requestDirectives: mayHave(fieldGroups, fieldGroup.directive)
        ? parseDirectives(headers.get('cache-control') ?? headers.get('pragma') ?? undefined)
        : noDirectives,
    }
  }

  return parseRequest
}

/** Undefined if a function of the rule excludes the request, or if it is not certain who may share the response. */
function keyOfRead(input: KeyInput, credentialFields: readonly string[]): string | undefined {
  const { request, rule, user } = input
  const isPrivate = rule.scope === 'private'
  if (isPrivate && user === undefined) return undefined
  if (!rule.cacheIf(request)) return undefined
  if (!isPrivate) return makePrimaryKey(input)
  // A second identity beside the user: the handler may go by either.
  const credentials = digestCredentials(request, credentialFields)
  return credentials && makePrimaryKey(input, credentials)
}

function hasAny(headers: FieldReader, names: readonly string[]): boolean {
  for (const name of names) if (headers.get(name) !== null) return true
  return false
}

/** Whether method and fields allow caching. A GET with a body does not: the body is not part of the key. */
export function isCacheableRequest({
  request: { method, headers, hasBody },
  fieldGroups,
}: Pick<Exchange, 'request' | 'fieldGroups'>): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || hasBody === true) return false
  // An event stream has no end.
  if (mayHave(fieldGroups, fieldGroup.accept) && headers.get('accept')?.startsWith('text/event-stream'))
    return false
  if (!mayHave(fieldGroups, fieldGroup.obstacle)) return true
  return !hasAny(headers, obstacleFields) && (headers.get('content-length') ?? '0') === '0'
}

/** Whether the response to a request may come from the store, but is not stored itself. */
export function isOnlyServed({ request, fieldGroups, requestDirectives }: Exchange): boolean {
  if (request.method === 'HEAD' || requestDirectives.has('no-store')) return true
  return mayHave(fieldGroups, fieldGroup.condition) && request.headers.get('range') !== null
}

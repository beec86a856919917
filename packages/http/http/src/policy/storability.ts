import type { Scope } from '../contracts/route-rule'
import { handsOutCredential } from '../fields/credential-fields'
import { type Directives, parseDirectives } from '../fields/directives'
import { type Fields, fieldValue } from '../fields/fields'
import { varyNames } from '../fields/vary'
import type { ResolvedRule } from '../routes/resolve-rule'
import { isStorableStatus } from './storable-status'
import { hasUnqualified, type ResponseHead, type Terms } from './terms'

/** Request and rule, as far as they decide whether a response may be stored. */
export interface StorabilityContext {
  readonly scope: Scope
  readonly requestDirectives: Directives
  /** The request carries `Authorization` or `Cookie`: its response may be meant for one user. */
  readonly hasCredentials: boolean
  /** The route has `scope: 'public'`: all users get the same response. */
  readonly isExplicitlyPublic: boolean
  /** The application states the freshness, by the rule or by `larder.ttl`. */
  readonly hasDeclaredFreshness: boolean
  readonly allowsSetCookie: boolean
  /** Freshness may be derived from `Last-Modified`. */
  readonly allowsHeuristic: boolean
}

/** Final status codes of RFC 9110 that this cache understands, for `must-understand`. */
const understoodStatuses = new Set([
  ...[200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407],
  ...[408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 500, 501, 502, 503, 504, 505],
])

/** Status codes that may be stored with heuristic freshness (RFC 9110 §15.1). */
const heuristicallyCacheable = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])

/** The reason why a response to a GET must not be stored (RFC 9111 §3); undefined if it may be. */
export function reasonNotStorable(
  head: ResponseHead,
  terms: Terms,
  context: StorabilityContext,
): string | undefined {
  const { status, fields } = head
  if (!isStorableStatus(status)) return 'status'
  if (context.requestDirectives.has('no-store')) return 'request no-store'
  if (forbidsStoring(status, terms)) return 'no-store'
  if (varyNames(fieldValue(fields, 'vary')) === undefined) return 'vary *'
  if (!context.allowsSetCookie && hasCredential(fields, terms)) return 'credential'
  if (isEventStream(fields)) return 'event stream'
  if (isTransferCoded(fields)) return 'transfer coding'
  if (context.scope === 'public' && hasUnqualified(terms, 'private')) return 'private'
  if (context.scope === 'public' && context.hasCredentials && !isShareable(terms, context)) return 'personal'
  return hasFreshness(head, terms, context) ? undefined : 'no freshness'
}

/**
 * The reason why a response must not be shared although the handler's own fields allow it: fields that layers in front
 * of the cache have added to what the client receives. Undefined if there is none. Their `Vary` and `Content-Encoding`
 * do not count: compression in front of the cache is applied to each hit as well.
 */
export function reasonNotSharedAsSent(
  sentFields: Fields,
  originFields: Fields,
  { allowSetCookie, scope }: Pick<ResolvedRule, 'allowSetCookie' | 'scope'>,
): string | undefined {
  if (!allowSetCookie && fieldValue(sentFields, 'set-cookie') !== undefined) return 'set-cookie'
  const sent = fieldValue(sentFields, 'cache-control')
  if (sent !== fieldValue(originFields, 'cache-control')) {
    const directives = parseDirectives(sent)
    if (directives.has('no-store')) return 'no-store'
    if (scope === 'public' && directives.has('private')) return 'private'
  }
  return varyNames(fieldValue(sentFields, 'vary')) === undefined ? 'vary *' : undefined
}

/** A credential for one client, which no directive keeps out of the stored response (RFC 9111 §5.2.2.4, §5.2.2.7). */
function hasCredential(fields: Fields, { excludedFields }: Terms): boolean {
  return fields.some(([name]) => handsOutCredential(name) && !excludedFields.has(name))
}

/** An event stream has no end, so its body would never be complete. */
function isEventStream(fields: Fields): boolean {
  return fieldValue(fields, 'content-type')?.trim().toLowerCase().startsWith('text/event-stream') ?? false
}

/** A coding that hits would have to repeat: fields of one transfer are not stored (RFC 9111 §3.1, RFC 9112 §7). */
function isTransferCoded(fields: Fields): boolean {
  const coding = fieldValue(fields, 'transfer-encoding')?.trim().toLowerCase() ?? 'chunked'
  return coding !== 'chunked' && coding !== 'identity'
}

/** `must-understand` overrides `no-store` if the status code is understood (RFC 9111 §5.2.2.3). */
function forbidsStoring(status: number, { directives }: Terms): boolean {
  if (directives.has('must-understand')) return !understoodStatuses.has(status)
  return directives.has('no-store')
}

/**
 * Whether the response to a request with credentials may be shared: by its directives, or because the route is
 * explicitly public. RFC 9111 §3.5 requires this for `Authorization`; here cookies are held to the same rule.
 */
export function isShareable(
  { directives }: Terms,
  { isExplicitlyPublic }: Pick<StorabilityContext, 'isExplicitlyPublic'>,
): boolean {
  return isExplicitlyPublic || ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name))
}

function hasFreshness({ status, fields }: ResponseHead, terms: Terms, context: StorabilityContext): boolean {
  const { directives, isTargeted } = terms
  if (context.hasDeclaredFreshness || directives.has('max-age')) return true
  if (context.scope === 'public' && directives.has('s-maxage')) return true
  if (!isTargeted && fieldValue(fields, 'expires') !== undefined) return true
  const hasValidator =
    fieldValue(fields, 'etag') !== undefined || fieldValue(fields, 'last-modified') !== undefined
  const isCacheable = heuristicallyCacheable.has(status) || directives.has('public')
  return context.allowsHeuristic && hasValidator && isCacheable
}

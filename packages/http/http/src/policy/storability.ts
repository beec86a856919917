import type { Directives } from '../fields/directives'
import { type Fields, fieldValue } from '../fields/fields'
import { varyNames } from '../fields/vary'
import { type ResponseHead, type Scope, says, type Terms } from './terms'

/** The circumstances of a response. */
export interface Circumstances {
  readonly scope: Scope
  /** Directives of the request. */
  readonly asked: Directives
  /** The request carries `Authorization` or `Cookie`: its answer may be for one user alone. */
  readonly isPersonal: boolean
  /** The application has said that everybody gets the same. */
  readonly isForEverybody: boolean
  /** The application has said how long such responses are fresh. */
  readonly isDeclared: boolean
  readonly allowsSetCookie: boolean
  /** Whether freshness may be guessed from `Last-Modified`. */
  readonly isHeuristic: boolean
}

/** Final status codes of RFC 9110 that this cache knows how to handle. */
const understood = new Set([
  ...[200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407],
  ...[408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 500, 501, 502, 503, 504, 505],
])

/** May be stored without explicit freshness (RFC 9110 §15.1). */
const cacheableByDefault = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])

/**
 * Why a response to a GET must not be stored (RFC 9111 §3); undefined if it may be. Partial responses and those that
 * only say "not modified" are never stored as answers.
 */
export function obstacle(head: ResponseHead, terms: Terms, at: Circumstances): string | undefined {
  const { status, fields } = head
  if (status < 200 || status === 206 || status === 304) return 'status'
  if (at.asked.has('no-store')) return 'request no-store'
  if (forbidsStoring(status, terms)) return 'no-store'
  if (varyNames(fieldValue(fields, 'vary')) === undefined) return 'vary *'
  const setsCookie = fieldValue(fields, 'set-cookie') !== undefined && !terms.withheld.has('set-cookie')
  if (setsCookie && !at.allowsSetCookie) return 'set-cookie'
  if (isEventStream(fields)) return 'event stream'
  if (at.scope === 'public' && says(terms, 'private')) return 'private'
  if (at.scope === 'public' && at.isPersonal && !isShared(terms, at)) return 'personal'
  return isWorthKeeping(head, terms, at) ? undefined : 'no freshness'
}

/** Nobody should wait for the end of one. */
function isEventStream(fields: Fields): boolean {
  return fieldValue(fields, 'content-type')?.trim().toLowerCase().startsWith('text/event-stream') ?? false
}

/** `must-understand` takes the place of `no-store` where the status code is understood (RFC 9111 §5.2.2.3). */
function forbidsStoring(status: number, { directives }: Terms): boolean {
  if (directives.has('must-understand')) return !understood.has(status)
  return directives.has('no-store')
}

/** Whether somebody has said that a response is for everybody. RFC 9111 §3.5 asks this for `Authorization`; cookies make answers as personal. */
export function isShared(
  { directives }: Terms,
  { isForEverybody }: Pick<Circumstances, 'isForEverybody'>,
): boolean {
  return isForEverybody || ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name))
}

function isWorthKeeping({ status, fields }: ResponseHead, terms: Terms, at: Circumstances): boolean {
  const { directives, isTargeted } = terms
  if (at.isDeclared || directives.has('max-age')) return true
  if (at.scope === 'public' && directives.has('s-maxage')) return true
  if (!isTargeted && fieldValue(fields, 'expires') !== undefined) return true
  const hasValidator =
    fieldValue(fields, 'etag') !== undefined || fieldValue(fields, 'last-modified') !== undefined
  const isCacheable = cacheableByDefault.has(status) || directives.has('public')
  return at.isHeuristic && hasValidator && isCacheable
}

import type { Fields } from './fields'

/** Why the handler ran: the `fwd` parameter of RFC 9211 §2.2. */
type ForwardReason = 'miss' | 'stale' | 'bypass'

/** How the cache handled a request, for `Cache-Status` (RFC 9211 §2). */
export interface CacheStatus {
  /** Undefined for a hit. */
  readonly forward: ForwardReason | undefined
  readonly isStored?: boolean | undefined
  /** The response came from a run of the handler that another request had started (RFC 9211 §2.6). */
  readonly isCollapsed?: boolean | undefined
  /** Remaining freshness in ms. */
  readonly ttl?: number | undefined
  /** Why the request bypassed the cache: a token (RFC 9211 §2.8). */
  readonly detail?: string | undefined
}

/** The `Cache-Status` field of the cache called `name`, a token of RFC 9651. Empty if `name` is `false`. */
export function cacheStatusField(
  name: string | false,
  { forward, isStored, isCollapsed, ttl, detail }: CacheStatus,
): Fields {
  if (name === false) return []
  let value = forward === undefined ? `${name}; hit` : `${name}; fwd=${forward}`
  if (isStored) value += '; stored'
  if (isCollapsed) value += '; collapsed'
  if (ttl !== undefined) value += `; ttl=${Math.floor(ttl / 1_000)}`
  if (detail !== undefined) value += `; detail=${detail}`
  return [['cache-status', value]]
}

/** Whether `name` is a token of RFC 9651 §3.3.4, so that it needs no quoting. */
export function isToken(name: string): boolean {
  return /^[A-Za-z*][\w:/!#$%&'*+.^`|~-]*$/.test(name)
}

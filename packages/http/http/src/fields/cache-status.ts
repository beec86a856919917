import type { Fields } from './fields'

/** What became of a request, for `Cache-Status` (RFC 9211 §2). */
export interface CacheStatus {
  /** Why the handler was asked; undefined for a hit. */
  readonly forward: 'miss' | 'stale' | undefined
  readonly isStored?: boolean | undefined
  /** Another request's run of the handler brought it. */
  readonly isCollapsed?: boolean | undefined
  /** What is left of its freshness, in ms. */
  readonly ttl?: number | undefined
}

/** The `Cache-Status` field of the cache with this name, a token of RFC 9651; none where the name is `false`. */
export function cacheStatus(
  name: string | false,
  { forward, isStored, isCollapsed, ttl }: CacheStatus,
): Fields {
  if (name === false) return []
  let value = forward === undefined ? `${name}; hit` : `${name}; fwd=${forward}`
  if (isStored) value += '; stored'
  if (isCollapsed) value += '; collapsed'
  if (ttl !== undefined) value += `; ttl=${Math.floor(ttl / 1_000)}`
  return [['cache-status', value]]
}

/** Whether a name can stand in the field as it is. */
export function isToken(name: string): boolean {
  return /^[A-Za-z*][\w:/!#$%&'*+.^`|~-]*$/.test(name)
}

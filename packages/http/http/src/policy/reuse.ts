import { type Directives, parseSeconds, secondsOf } from '../fields/directives'
import { ageOf, type StoredResponse } from './stored-response'

/**
 * How a stored response may be reused: `fresh` is served; `stale-while-revalidate` is served and refreshed in the
 * background; `max-stale` is served because the client accepts it; `must-validate` is served only after the handler has
 * validated it.
 */
export type Reuse = 'fresh' | 'stale-while-revalidate' | 'max-stale' | 'must-validate'

/**
 * Decides how a stored response may be reused at `now` (RFC 9111 §4.2, §5.2.1; RFC 5861 §3). With `allowRefresh`, the
 * client's `no-cache`, `max-age` and `min-fresh` can reject a fresh response. `max-stale` is always obeyed, because it
 * saves the handler work.
 */
export function reuseOf(
  stored: StoredResponse,
  requestDirectives: Directives,
  now: number,
  allowRefresh: boolean,
): Reuse {
  const age = ageOf(stored, now)
  if (stored.requiresValidation) return 'must-validate'
  if (allowRefresh && demandsNewer(stored, requestDirectives, age)) return 'must-validate'
  const staleness = age - stored.lifetime
  if (staleness < 0) return 'fresh'
  if (!stored.allowsStale) return 'must-validate'
  if (staleness < stored.staleWhileRevalidate) return 'stale-while-revalidate'
  return isWithinMaxStale(requestDirectives, staleness) ? 'max-stale' : 'must-validate'
}

function demandsNewer(stored: StoredResponse, requestDirectives: Directives, age: number): boolean {
  if (requestDirectives.has('no-cache')) return true
  const maxAge = secondsOf(requestDirectives, 'max-age')
  if (maxAge !== undefined && age >= maxAge * 1_000 && !requestDirectives.has('max-stale')) return true
  const minFresh = secondsOf(requestDirectives, 'min-fresh')
  return minFresh !== undefined && stored.lifetime - age < minFresh * 1_000
}

/** `max-stale` without a number accepts any staleness (RFC 9111 §5.2.1.2). */
function isWithinMaxStale(requestDirectives: Directives, staleness: number): boolean {
  if (!requestDirectives.has('max-stale')) return false
  const seconds = parseSeconds(requestDirectives.get('max-stale')) ?? Number.POSITIVE_INFINITY
  return staleness <= seconds * 1_000
}

/** Whether a stale response may be served in place of the handler's error (RFC 5861 §4). */
export function canServeOnError(stored: StoredResponse, requestDirectives: Directives, now: number): boolean {
  if (stored.requiresValidation || !stored.allowsStale) return false
  const requested = (secondsOf(requestDirectives, 'stale-if-error') ?? 0) * 1_000
  return ageOf(stored, now) - stored.lifetime < Math.max(stored.staleIfError, requested)
}

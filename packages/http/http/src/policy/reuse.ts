import { type Directives, parseSeconds, secondsOf } from '../fields/directives'
import { ageOf, type StoredResponse } from './stored-response'

/**
 * What a stored response is good for: `fresh` answers; `stale` answers and is refreshed meanwhile; `tolerated` is stale
 * and answers because the client says it may; `refused` is not used before the handler was asked.
 */
export type Use = 'fresh' | 'stale' | 'tolerated' | 'refused'

/**
 * How a stored response may answer (RFC 9111 §4.2, §5.2.1; RFC 5861 §3). With `allowRefresh`, the client may ask for
 * something newer than a fresh response; what costs the handler nothing it may always ask.
 */
export function useOf(stored: StoredResponse, asked: Directives, now: number, allowRefresh: boolean): Use {
  const age = ageOf(stored, now)
  if (stored.isAlwaysValidated || (allowRefresh && wantsNewer(stored, asked, age))) return 'refused'
  const staleness = age - stored.lifetime
  if (staleness < 0) return 'fresh'
  if (!stored.mayBeStale) return 'refused'
  if (staleness < stored.staleWhileRevalidate) return 'stale'
  return isTolerated(asked, staleness) ? 'tolerated' : 'refused'
}

function wantsNewer(stored: StoredResponse, asked: Directives, age: number): boolean {
  if (asked.has('no-cache')) return true
  const maxAge = secondsOf(asked, 'max-age')
  if (maxAge !== undefined && age >= maxAge * 1_000 && !asked.has('max-stale')) return true
  const minFresh = secondsOf(asked, 'min-fresh')
  return minFresh !== undefined && stored.lifetime - age < minFresh * 1_000
}

/** `max-stale` without a number tolerates everything. */
function isTolerated(asked: Directives, staleness: number): boolean {
  if (!asked.has('max-stale')) return false
  const seconds = parseSeconds(asked.get('max-stale')) ?? Number.POSITIVE_INFINITY
  return staleness <= seconds * 1_000
}

/** Whether an old response is better than the handler's error (RFC 5861 §4). */
export function isBetterThanError(stored: StoredResponse, asked: Directives, now: number): boolean {
  if (stored.isAlwaysValidated || !stored.mayBeStale) return false
  const wanted = (secondsOf(asked, 'stale-if-error') ?? 0) * 1_000
  return ageOf(stored, now) - stored.lifetime < Math.max(stored.staleIfError, wanted)
}

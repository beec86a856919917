import type { Handler } from '../contracts/handler'
import type { CacheStatus } from '../fields/cache-status'
import { isSelected } from '../fields/vary'
import { type Reuse, reuseOf } from '../policy/reuse'
import type { StoredResponse } from '../policy/stored-response'
import type { Exchange } from './exchange'

/**
 * Whether a stored response suits a request (RFC 9111 §4). `not-shareable` may not answer requests with credentials;
 * `other-variant` was stored for other values of the selecting fields, whose names lead to the key of the wanted
 * variant.
 */
type Suitability = Reuse | 'not-shareable' | 'other-variant'

/** A response from the store, or from the handler's run that just ended, with its suitability for one request. */
export interface FoundResponse {
  readonly key: string
  readonly stored: StoredResponse
  readonly suitability: Suitability
  /** How it was found, for `Cache-Status`. */
  readonly status: CacheStatus
  /** When it was found, in ms since the epoch. */
  readonly foundAt: number
  /** The handler ran for this request, not for another one. */
  readonly isOwnRun: boolean
}

export function suitabilityOf(
  { request, requestDirectives, rule, hasCredentials, mustRefresh }: Exchange,
  stored: StoredResponse,
  now: number,
): Suitability {
  if (!stored.isShareable && hasCredentials) return 'not-shareable'
  if (!isSelected(stored.selectors, request.headers)) return 'other-variant'
  if (mustRefresh) return 'must-validate'
  return reuseOf(stored, requestDirectives, now, rule.allowRefresh)
}

export function assessResponse(
  exchange: Exchange,
  key: string,
  stored: StoredResponse,
  status: CacheStatus,
  isOwnRun: boolean,
  foundAt: number,
): FoundResponse {
  return { key, stored, suitability: suitabilityOf(exchange, stored, foundAt), status, foundAt, isOwnRun }
}

/** Whether the lookup of a key ends here, without a run of the `handler`. */
export function endsLookup(suitability: Suitability, handler: Pick<Handler, 'runInBackground'>): boolean {
  if (suitability === 'must-validate') return false
  return suitability !== 'stale-while-revalidate' || handler.runInBackground !== undefined
}

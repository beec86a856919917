import type { Scope } from '../contracts/route-rule'
import { parseSeconds, secondsOf } from '../fields/directives'
import { type Fields, fieldValue, listMembers } from '../fields/fields'
import { parseHttpDate } from '../fields/http-date'
import type { ResponseHead, Terms } from './terms'

/** When the request was sent and its response received, in ms since the epoch. */
export interface ExchangeTimes {
  readonly requestTime: number
  readonly responseTime: number
}

/** The application's settings for freshness. Durations in ms. */
export interface FreshnessSettings {
  readonly scope: Scope
  /** Freshness of a response that does not state it. */
  readonly ttl: number | undefined
  /** The fraction of the time since `Last-Modified` for which a response with no other freshness is fresh. */
  readonly heuristic: number
}

/** The longest heuristic freshness in ms: one day, beyond which RFC 7234 §5.5.4 required a warning. */
const maxHeuristicLifetime = 24 * 3_600_000

/** The time of the response's `Date`, or else of its arrival, in ms since the epoch. */
function originDate(fields: Fields, { responseTime }: ExchangeTimes): number {
  return parseHttpDate(fieldValue(fields, 'date') ?? '') ?? responseTime
}

/** The freshness lifetime in ms, counted from the response's date (RFC 9111 §4.2.1). */
export function freshnessLifetime(
  head: ResponseHead,
  terms: Terms,
  times: ExchangeTimes,
  settings: FreshnessSettings,
): number {
  const { directives, isTargeted } = terms
  const shared = settings.scope === 'public' ? secondsOf(directives, 's-maxage') : undefined
  const seconds = shared ?? secondsOf(directives, 'max-age')
  if (seconds !== undefined) return seconds * 1_000
  const expires = isTargeted ? undefined : fieldValue(head.fields, 'expires')
  const date = originDate(head.fields, times)
  // An invalid `Expires` is a date in the past (RFC 9111 §5.3).
  if (expires !== undefined) return Math.max(0, (parseHttpDate(expires) ?? date) - date)
  return settings.ttl ?? heuristicLifetime(head.fields, date, settings.heuristic)
}

/** RFC 9111 §4.2.2. */
function heuristicLifetime(fields: Fields, date: number, fraction: number): number {
  const changed = parseHttpDate(fieldValue(fields, 'last-modified') ?? '')
  if (changed === undefined || changed > date) return 0
  return Math.min(maxHeuristicLifetime, (date - changed) * fraction)
}

/**
 * The age of a response on arrival in ms: `corrected_initial_age` of RFC 9111 §4.2.3. The first of several `Age` values
 * applies; an invalid one is ignored (§5.1).
 */
export function initialAge(fields: Fields, times: ExchangeTimes): number {
  const apparentAge = Math.max(0, times.responseTime - originDate(fields, times))
  const [first] = listMembers(fieldValue(fields, 'age'))
  const ageValue = (parseSeconds(first) ?? 0) * 1_000
  return Math.max(apparentAge, ageValue + times.responseTime - times.requestTime)
}

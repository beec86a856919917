import { parseSeconds, secondsOf } from '../fields/directives'
import { type Fields, fieldValue, membersOf } from '../fields/fields'
import { parseHttpDate } from '../fields/http-date'
import type { ResponseHead, Scope, Terms } from './terms'

/** When the request was made and its response received, in ms since the epoch. */
export interface Times {
  readonly requestTime: number
  readonly responseTime: number
}

/** What the application adds to what a response says. Durations in ms. */
export interface Assumptions {
  readonly scope: Scope
  /** Counts where the response says nothing. */
  readonly ttl: number | undefined
  /** The share of the time since `Last-Modified` that is taken for freshness where nobody says anything. */
  readonly heuristic: number
}

/** Guessed freshness ends here, in ms: RFC 9111 §4.2.2 suggests a day for a warning. */
const longestGuess = 24 * 3_600_000

/** When the response was made: its `Date`, or else when it came. */
export function dateOf(fields: Fields, { responseTime }: Times): number {
  return parseHttpDate(fieldValue(fields, 'date') ?? '') ?? responseTime
}

/** For how long after it was made a response is fresh, in ms (RFC 9111 §4.2.1). */
export function lifetimeOf(head: ResponseHead, terms: Terms, times: Times, assumed: Assumptions): number {
  const { directives, isTargeted } = terms
  const shared = assumed.scope === 'public' ? secondsOf(directives, 's-maxage') : undefined
  const seconds = shared ?? secondsOf(directives, 'max-age')
  if (seconds !== undefined) return seconds * 1_000
  const expires = isTargeted ? undefined : fieldValue(head.fields, 'expires')
  const date = dateOf(head.fields, times)
  // An invalid date is one in the past (RFC 9111 §5.3).
  if (expires !== undefined) return Math.max(0, (parseHttpDate(expires) ?? date) - date)
  return assumed.ttl ?? guess(head.fields, date, assumed.heuristic)
}

/** RFC 9111 §4.2.2. */
function guess(fields: Fields, date: number, share: number): number {
  const changed = parseHttpDate(fieldValue(fields, 'last-modified') ?? '')
  if (changed === undefined || changed > date) return 0
  return Math.min(longestGuess, (date - changed) * share)
}

/** How old a response was when it came, in ms (RFC 9111 §4.2.3). Of several ages the first counts; what is no number counts for nothing. */
export function initialAge(fields: Fields, times: Times): number {
  const apparent = Math.max(0, times.responseTime - dateOf(fields, times))
  const [first] = membersOf(fieldValue(fields, 'age'))
  const told = (parseSeconds(first) ?? 0) * 1_000
  return Math.max(apparent, told + times.responseTime - times.requestTime)
}

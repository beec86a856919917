import type { OriginHead } from '../contracts/handler'
import { secondsOf } from '../fields/directives'
import { endToEndFields, type Fields, fieldValue, omitFields } from '../fields/fields'
import { formatHttpDate } from '../fields/http-date'
import type { Selector } from '../fields/vary'
import { type ExchangeTimes, type FreshnessSettings, freshnessLifetime, initialAge } from './freshness'
import { hasUnqualified, type Terms } from './terms'

/** A response as it is stored. All inputs of reuse are precomputed, so that a hit needs no parsing. Durations in ms. */
export interface StoredResponse {
  /** {@link storedVersion} of the code that stored it. */
  readonly version: number
  readonly status: number
  /** The fields to send: those of the handler, followed by those that the cache adds. */
  readonly fields: Fields
  /** How many of `fields` are the handler's. */
  readonly originFieldCount: number
  /** Names of fields that layers in front of the cache set, and those behind it removed. */
  readonly removedNames: readonly string[]
  readonly body: Uint8Array
  /** The selecting fields of the request that this variant answers. */
  readonly selectors: readonly Selector[]
  /** The tags whose invalidation ends this response. */
  readonly tags: readonly string[]
  /** In ms since the epoch. */
  readonly responseTime: number
  readonly initialAge: number
  readonly lifetime: number
  /** May also answer requests with credentials. */
  readonly isShareable: boolean
  /** Served only after validation (`no-cache`). */
  readonly requiresValidation: boolean
  /** May be served stale within the windows below, or by the client's `max-stale`. */
  readonly allowsStale: boolean
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
}

/** Raise it with every change to the shape or the meaning of {@link StoredResponse}: older entries are then misses. */
export const storedVersion = 2

/** How long past its freshness a response may be served if it does not state it itself, in ms. */
interface StaleWindows {
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
}

/** The input of {@link createStoredResponse}. */
interface StoredResponseInput {
  readonly head: OriginHead
  readonly terms: Terms
  readonly times: ExchangeTimes
  readonly freshness: FreshnessSettings
  readonly staleWindows: StaleWindows
  /** The handler's `larder.ttl` in ms: overrides the freshness that the response states. */
  readonly ttl: number | undefined
  readonly isShareable: boolean
  readonly body: Uint8Array
  readonly tags: readonly string[]
  readonly selectors: readonly Selector[]
}

/** Computed for each answer, and therefore not stored. */
const perAnswerFields = ['age']

export function createStoredResponse(input: StoredResponseInput): StoredResponse {
  const { head, terms, times, freshness, staleWindows, body, tags } = input
  const { directives } = terms
  const staleWindow = (name: string, fallback: number) => {
    const seconds = secondsOf(directives, name)
    return seconds === undefined ? fallback : seconds * 1_000
  }
  const forbidsStale = ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) =>
    directives.has(name),
  )
  const omitted = new Set([...perAnswerFields, ...terms.excludedFields, ...(head.frontTerms ?? [])])
  const fields = withDate(omitFields(endToEndFields(head.fields), omitted), times.responseTime)
  return {
    version: storedVersion,
    status: head.status,
    fields,
    originFieldCount: fields.length,
    removedNames: head.removedNames ?? [],
    body,
    selectors: input.selectors,
    tags,
    responseTime: times.responseTime,
    initialAge: initialAge(head.fields, times),
    lifetime: input.ttl ?? freshnessLifetime(head, terms, times, freshness),
    isShareable: input.isShareable,
    requiresValidation: hasUnqualified(terms, 'no-cache'),
    allowsStale: !(freshness.scope === 'private' ? directives.has('must-revalidate') : forbidsStale),
    staleWhileRevalidate: staleWindow('stale-while-revalidate', staleWindows.staleWhileRevalidate),
    staleIfError: staleWindow('stale-if-error', staleWindows.staleIfError),
  }
}

/** Adds the time of arrival as `Date` to a response without one (RFC 9110 §6.6.1). */
export function withDate(fields: Fields, responseTime: number): Fields {
  return fieldValue(fields, 'date') === undefined
    ? [...fields, ['date', formatHttpDate(responseTime)]]
    : fields
}

/** The current age in ms (RFC 9111 §4.2.3). */
export function ageOf(stored: StoredResponse, now: number): number {
  return stored.initialAge + Math.max(0, now - stored.responseTime)
}

/** The handler's own fields, without those that the cache added. */
export function originFields({ fields, originFieldCount }: StoredResponse): Fields {
  return fields.slice(0, originFieldCount)
}

/** Whether the handler can validate the response by a conditional request (RFC 9111 §4.3.1). */
export function hasValidator(stored: StoredResponse): boolean {
  return originFields(stored).some(([name]) => name === 'etag' || name === 'last-modified')
}

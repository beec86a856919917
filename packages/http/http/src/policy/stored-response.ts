import type { FieldReader } from '../contracts/request'
import { secondsOf } from '../fields/directives'
import { endToEnd, type Fields, fieldValue, without } from '../fields/fields'
import { formatHttpDate } from '../fields/http-date'
import { type Selector, selectorsOf, varyNames } from '../fields/vary'
import { type Assumptions, initialAge, lifetimeOf, type Times } from './freshness'
import { type ResponseHead, says, type Terms } from './terms'

/** A response as it is stored. What reuse depends on is worked out once, so that a hit parses nothing. Times in ms. */
export interface StoredResponse {
  readonly status: number
  /** As they are sent: those of the handler, then those added here. */
  readonly fields: Fields
  /** How many of them are the handler's. */
  readonly saidFields: number
  readonly body: Uint8Array
  /** What the request said in the fields that select this variant. */
  readonly selectors: readonly Selector[]
  /** What the response depends on. */
  readonly tags: readonly string[]
  /** Since the epoch. */
  readonly responseTime: number
  readonly initialAge: number
  readonly lifetime: number
  /** Also for those who say who they are. */
  readonly isForEverybody: boolean
  /** Never used without asking the handler (`no-cache`). */
  readonly isAlwaysValidated: boolean
  /** Whether it may be used when no longer fresh, where somebody allows that. */
  readonly mayBeStale: boolean
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
}

/** How long past its freshness a response may be used, in ms, where the response does not say. */
export interface StaleRules {
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
}

/** Everything that goes into a stored response. */
export interface Making {
  readonly head: ResponseHead
  readonly terms: Terms
  readonly times: Times
  readonly assumed: Assumptions
  readonly stale: StaleRules
  /** Said by the handler itself: counts whatever the response says. */
  readonly ttl: number | undefined
  readonly isForEverybody: boolean
  readonly body: Uint8Array
  readonly tags: readonly string[]
  readonly headers: FieldReader
  /** Fields of the request that select a variant on this route besides those in `Vary`. */
  readonly alsoVaries: readonly string[]
}

/** Fields that each answer gets anew. */
const ownFields = new Set(['age', 'cache-status'])

export function makeStored(making: Making): StoredResponse {
  const { head, terms, times, assumed, stale, body, tags } = making
  const { directives } = terms
  const names = new Set([...(varyNames(fieldValue(head.fields, 'vary')) ?? []), ...making.alsoVaries])
  const window = (name: string, otherwise: number) => {
    const seconds = secondsOf(directives, name)
    return seconds === undefined ? otherwise : seconds * 1_000
  }
  const isStrict = ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name))
  const fields = dated(
    without(endToEnd(head.fields), new Set([...ownFields, ...terms.withheld])),
    times.responseTime,
  )
  return {
    status: head.status,
    fields,
    saidFields: fields.length,
    body,
    selectors: selectorsOf([...names].sort(), making.headers),
    tags,
    responseTime: times.responseTime,
    initialAge: initialAge(head.fields, times),
    lifetime: making.ttl ?? lifetimeOf(head, terms, times, assumed),
    isForEverybody: making.isForEverybody,
    isAlwaysValidated: says(terms, 'no-cache'),
    mayBeStale: !(assumed.scope === 'private' ? directives.has('must-revalidate') : isStrict),
    staleWhileRevalidate: window('stale-while-revalidate', stale.staleWhileRevalidate),
    staleIfError: window('stale-if-error', stale.staleIfError),
  }
}

/** A response without a date gets that of its arrival (RFC 9110 §6.6.1). */
export function dated(fields: Fields, responseTime: number): Fields {
  return fieldValue(fields, 'date') === undefined
    ? [...fields, ['date', formatHttpDate(responseTime)]]
    : fields
}

/** RFC 9111 §4.2.3. */
export function ageOf(stored: StoredResponse, now: number): number {
  return stored.initialAge + Math.max(0, now - stored.responseTime)
}

/** What the handler itself said. */
export function saidFields({ fields, saidFields }: StoredResponse): Fields {
  return fields.slice(0, saidFields)
}

/** Whether the handler can be asked if it still holds. */
export function hasValidator(stored: StoredResponse): boolean {
  return saidFields(stored).some(([name]) => name === 'etag' || name === 'last-modified')
}

import type { Answer } from '../contracts/handler'
import { type CacheStatus, cacheStatusField } from '../fields/cache-status'
import { fieldGroup, mayHave } from '../fields/field-groups'
import { type FieldRecord, toFieldRecord } from '../fields/field-record'
import type { FieldReader, Fields } from '../fields/fields'
import { isNotModified, notModifiedFields } from '../policy/conditional'
import { isRangeAllowed, parseRange } from '../policy/range'
import { ageOf, type StoredResponse } from '../policy/stored-response'
import type { Exchange } from './exchange'

type StoreAnswer = Extract<Answer, { from: 'store' }>

/** The status of a response that was served from the store. */
export const hit: CacheStatus = { forward: undefined }

const emptyBody = new Uint8Array()

/** As a rule's `clientTtl` and `cdnTtl` are stored. */
const ownMaxAge = /(?<=^(?:private, )?)max-age=(\d+)$/

/** The parts that all hits of one stored response within one second share. Times in s. */
interface SharedParts {
  readonly age: number
  readonly ttl: number
  readonly fields: FieldRecord
  readonly hasDefaultTerms: boolean
  readonly body: Uint8Array
}

/** Makes answers of stored responses. `name` is the name of this cache in `Cache-Status`. */
export function createResponder(name: string | false) {
  const sharedParts = new WeakMap<StoredResponse, SharedParts>()

  /** `age` in ms. */
  function fieldsAt(stored: StoredResponse, age: number, status: CacheStatus): Fields {
    const statusField = cacheStatusField(name, { ...status, ttl: stored.lifetime - age })
    const seconds = Math.floor(age / 1_000)
    return [...termsFromNow(stored, seconds), ['age', String(seconds)], ...statusField]
  }

  /** Computed at most once per second: `Age` and the `ttl` of `Cache-Status` are whole seconds. */
  function partsOfHit(stored: StoredResponse, age: number): SharedParts {
    const seconds = { age: Math.floor(age / 1_000), ttl: Math.floor((stored.lifetime - age) / 1_000) }
    const known = sharedParts.get(stored)
    if (known?.age === seconds.age && known.ttl === seconds.ttl) return known
    const fields = toFieldRecord(fieldsAt(stored, age, hit))
    const body = known?.body ?? toSentBody(stored.body)
    const computed = { ...seconds, fields, hasDefaultTerms: hasDefaultTerms(stored), body }
    sharedParts.set(stored, computed)
    return computed
  }

  /** The answer to a request: 304 if the client's copy is current, 206 or 416 for a range, else the stored response. */
  return (
    stored: StoredResponse,
    { request, fieldGroups }: Pick<Exchange, 'request' | 'fieldGroups'>,
    now: number,
    status: CacheStatus,
  ): Answer => {
    const { method, headers } = request
    const { removedNames } = stored
    const age = ageOf(stored, now)
    const mayBePart = mayHave(fieldGroups, fieldGroup.condition)
    const isKnown = mayBePart && isNotModified(stored.status, stored.fields, headers)
    const isPartial = mayBePart && stored.status === 200 && method !== 'HEAD' && headers.get('range') !== null
    if (!isKnown && !isPartial && status === hit) {
      const { fields, hasDefaultTerms, body } = partsOfHit(stored, age)
      const sentBody = method === 'HEAD' ? undefined : body
      return { from: 'store', status: stored.status, fields, hasDefaultTerms, removedNames, body: sentBody }
    }
    const fields = fieldsAt(stored, age, status)
    const rest = { removedNames, hasDefaultTerms: hasDefaultTerms(stored) }
    if (isKnown) return { ...notModified(fields), ...rest }
    if (isPartial) return { ...answerRange(stored.body, fields, headers), ...rest }
    return { ...whole(stored.status, fields, method === 'HEAD' ? undefined : stored.body), ...rest }
  }
}

/** In Node, a server makes a `Buffer` of any other array for each response. */
function toSentBody(body: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = body
  return globalThis.Buffer?.from(buffer, byteOffset, byteLength) ?? body
}

/**
 * The fields of a response of this age, in s. Clients subtract `Age` from the time for which they may keep a response (RFC 9111
 * §4.2.3): the cache's own terms are longer by it, so that they count from each hit on.
 */
function termsFromNow({ fields, originFieldCount }: StoredResponse, age: number): Fields {
  const own = fields
    .slice(originFieldCount)
    .map(
      ([name, value]) =>
        [name, value.replace(ownMaxAge, (_, seconds) => `max-age=${Number(seconds) + age}`)] as const,
    )
  return [...fields.slice(0, originFieldCount), ...own]
}

/** `Cache-Control` is the cache's own. */
function hasDefaultTerms({ fields, originFieldCount }: StoredResponse): boolean {
  return fields.slice(originFieldCount).some(([name]) => name === 'cache-control')
}

function whole(status: number, fields: Fields, body: Uint8Array | undefined): StoreAnswer {
  return { from: 'store', status, fields: toFieldRecord(fields), body }
}

const notModified = (fields: Fields) => whole(304, notModifiedFields(fields), undefined)

/** RFC 9110 §15.3.7 (206) and §15.5.17 (416). */
function answerRange(body: Uint8Array, fields: Fields, headers: FieldReader): StoreAnswer {
  const size = body.length
  const range = isRangeAllowed(fields, headers) ? parseRange(headers.get('range'), size) : 'whole'
  if (range === 'whole') return whole(200, fields, body)
  if (range === 'unsatisfiable') {
    const unsatisfied: Fields = [
      ['content-range', `bytes */${size}`],
      ['content-length', '0'],
    ]
    return whole(416, [...notModifiedFields(fields), ...unsatisfied], emptyBody)
  }
  const rest = fields.filter(([name]) => name !== 'content-length' && name !== 'content-range')
  const { first, last } = range
  const partial: Fields = [
    ['content-range', `bytes ${first}-${last}/${size}`],
    ['content-length', String(last - first + 1)],
  ]
  const part = body.subarray(first, last + 1)
  return whole(206, [...rest, ...partial], part)
}

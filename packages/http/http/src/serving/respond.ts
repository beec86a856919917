import type { Answer } from '../contracts/handler'
import type { RuleRequest } from '../contracts/route-rule'
import { type CacheStatus, cacheStatusField } from '../fields/cache-status'
import { type FieldRecord, toFieldRecord } from '../fields/field-record'
import type { FieldReader, Fields } from '../fields/fields'
import { isNotModified, notModifiedFields } from '../policy/conditional'
import { isRangeAllowed, parseRange } from '../policy/range'
import { ageOf, type StoredResponse } from '../policy/stored-response'

type StoreAnswer = Extract<Answer, { from: 'store' }>

/** The status of a response that was served from the store. */
export const hit: CacheStatus = { forward: undefined }

/** The fields that all hits of one stored response within one second share. Times in s. */
interface HitFields {
  readonly age: number
  readonly ttl: number
  readonly fields: FieldRecord
}

/** Makes answers of stored responses. `name` is the name of this cache in `Cache-Status`. */
export function createResponder(name: string | false) {
  const hitFields = new WeakMap<StoredResponse, HitFields>()

  /** `age` in ms. */
  function fieldsAt(stored: StoredResponse, age: number, status: CacheStatus): Fields {
    const statusField = cacheStatusField(name, { ...status, ttl: stored.lifetime - age })
    return [...stored.fields, ['age', String(Math.floor(age / 1_000))], ...statusField]
  }

  /** Computed at most once per second: `Age` and the `ttl` of `Cache-Status` are whole seconds. */
  function fieldsOfHit(stored: StoredResponse, age: number): FieldRecord {
    const seconds = { age: Math.floor(age / 1_000), ttl: Math.floor((stored.lifetime - age) / 1_000) }
    const known = hitFields.get(stored)
    if (known?.age === seconds.age && known.ttl === seconds.ttl) return known.fields
    const fields = toFieldRecord(fieldsAt(stored, age, hit))
    hitFields.set(stored, { ...seconds, fields })
    return fields
  }

  /** The answer to a request: 304 if the client's copy is current, 206 or 416 for a range, else the stored response. */
  return (stored: StoredResponse, request: RuleRequest, now: number, status: CacheStatus): Answer => {
    const { method, headers } = request
    const { body, removedNames } = stored
    const age = ageOf(stored, now)
    if (stored.status >= 200 && stored.status < 300 && isNotModified(stored.fields, headers)) {
      const fields = notModifiedFields(fieldsAt(stored, age, status))
      return { from: 'store', status: 304, fields: toFieldRecord(fields), removedNames, body: undefined }
    }
    if (stored.status === 200 && method !== 'HEAD' && headers.get('range') !== null)
      return { ...answerRange(body, fieldsAt(stored, age, status), headers), removedNames }
    const fields = status === hit ? fieldsOfHit(stored, age) : toFieldRecord(fieldsAt(stored, age, status))
    const sentBody = method === 'HEAD' ? undefined : body
    return { from: 'store', status: stored.status, fields, removedNames, body: sentBody }
  }
}

/** RFC 9110 §15.3.7 (206) and §15.5.17 (416). */
function answerRange(body: Uint8Array, fields: Fields, headers: FieldReader): StoreAnswer {
  const size = body.length
  const range = isRangeAllowed(fields, headers) ? parseRange(headers.get('range'), size) : 'whole'
  if (range === 'whole') return { from: 'store', status: 200, fields: toFieldRecord(fields), body }
  const rest = fields.filter(([name]) => name !== 'content-length' && name !== 'content-range')
  if (range === 'unsatisfiable') {
    const unsatisfied: Fields = [['content-range', `bytes */${size}`]]
    return { from: 'store', status: 416, fields: toFieldRecord([...rest, ...unsatisfied]), body: undefined }
  }
  const { first, last } = range
  const partial: Fields = [
    ['content-range', `bytes ${first}-${last}/${size}`],
    ['content-length', String(last - first + 1)],
  ]
  const part = body.subarray(first, last + 1)
  return { from: 'store', status: 206, fields: toFieldRecord([...rest, ...partial]), body: part }
}

import type { Answer } from '../contracts/handler'
import type { FieldReader } from '../contracts/request'
import { type CacheStatus, cacheStatus } from '../fields/cache-status'
import { type FieldRecord, recordOf } from '../fields/field-record'
import type { Fields } from '../fields/fields'
import type { RuleRequest } from '../options'
import { isKnownToClient, notModifiedFields } from '../policy/conditional'
import { isSameForRange, rangeOf } from '../policy/range'
import { ageOf, type StoredResponse } from '../policy/stored-response'

/** How a response came to answer. */
export type Course = Pick<CacheStatus, 'forward' | 'isCollapsed'>

export const hit: Course = { forward: undefined }

/** The fields of all hits of one stored response within one second. Times in s. */
interface Laid {
  readonly age: number
  readonly ttl: number
  readonly fields: FieldRecord
}

/** Answers with stored responses, under the name that this cache has in `Cache-Status`. */
export function createAnswering(name: string | false) {
  const laid = new WeakMap<StoredResponse, Laid>()

  /** `age` in ms. */
  function fieldsOf(stored: StoredResponse, age: number, course: Course): Fields {
    const status = cacheStatus(name, { ...course, ttl: stored.lifetime - age })
    return [...stored.fields, ['age', String(Math.floor(age / 1_000))], ...status]
  }

  /** Laid out once in a second: until the next, every hit says the same. */
  function fieldsOfHit(stored: StoredResponse, age: number): FieldRecord {
    const seconds = { age: Math.floor(age / 1_000), ttl: Math.floor((stored.lifetime - age) / 1_000) }
    const known = laid.get(stored)
    if (known?.age === seconds.age && known.ttl === seconds.ttl) return known.fields
    const fields = recordOf(fieldsOf(stored, age, hit))
    laid.set(stored, { ...seconds, fields })
    return fields
  }

  /** What is sent for a stored response: all of it, a part, or word that the client has it already. */
  return (stored: StoredResponse, { method, headers }: RuleRequest, now: number, course: Course): Answer => {
    const { status, body } = stored
    const age = ageOf(stored, now)
    if (status >= 200 && status < 300 && isKnownToClient(stored.fields, headers)) {
      const fields = notModifiedFields(fieldsOf(stored, age, course))
      return { from: 'store', status: 304, fields: recordOf(fields), body: undefined }
    }
    if (status === 200 && method !== 'HEAD' && headers.get('range') !== null)
      return partOf(body, fieldsOf(stored, age, course), headers)
    const fields = course === hit ? fieldsOfHit(stored, age) : recordOf(fieldsOf(stored, age, course))
    return { from: 'store', status, fields, body: method === 'HEAD' ? undefined : body }
  }
}

/** RFC 9110 §15.3.7, §15.5.17. */
function partOf(body: Uint8Array, fields: Fields, headers: FieldReader): Answer {
  const size = body.length
  const range = isSameForRange(fields, headers) ? rangeOf(headers.get('range'), size) : 'whole'
  if (range === 'whole') return { from: 'store', status: 200, fields: recordOf(fields), body }
  const rest = fields.filter(([name]) => name !== 'content-length' && name !== 'content-range')
  if (range === 'unsatisfiable') {
    const about: Fields = [['content-range', `bytes */${size}`]]
    return { from: 'store', status: 416, fields: recordOf([...rest, ...about]), body: undefined }
  }
  const { first, last } = range
  const about: Fields = [
    ['content-range', `bytes ${first}-${last}/${size}`],
    ['content-length', String(last - first + 1)],
  ]
  const part = body.subarray(first, last + 1)
  return { from: 'store', status: 206, fields: recordOf([...rest, ...about]), body: part }
}

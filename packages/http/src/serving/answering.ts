import type { Answer } from '../contracts/handler'
import type { FieldReader } from '../contracts/request'
import type { Fields } from '../fields/fields'
import { isKnownToClient, notModifiedFields } from '../policy/conditional'
import { isSameForRange, rangeOf } from '../policy/range'
import { ageOf, type StoredResponse } from '../policy/stored-response'

/** What is sent for a stored response: all of it, a part, or word that the client has it already. */
export function answerWith(
  stored: StoredResponse,
  request: { readonly method: string; readonly headers: FieldReader },
  now: number,
  status: Fields,
): Answer {
  const { headers } = request
  const fields: Fields = [
    ...stored.fields,
    ['age', String(Math.floor(ageOf(stored, now) / 1_000))],
    ...status,
  ]
  const isSuccess = stored.status >= 200 && stored.status < 300
  if (isSuccess && isKnownToClient(fields, headers))
    return { from: 'store', status: 304, fields: notModifiedFields(fields), body: undefined }
  if (request.method === 'HEAD') return { from: 'store', status: stored.status, fields, body: undefined }
  return stored.status === 200 && headers.get('range') !== null
    ? partOf(stored, fields, headers)
    : { from: 'store', status: stored.status, fields, body: stored.body }
}

/** RFC 9110 §15.3.7, §15.5.17. */
function partOf({ body }: StoredResponse, fields: Fields, headers: FieldReader): Answer {
  const size = body.length
  const range = isSameForRange(fields, headers) ? rangeOf(headers.get('range'), size) : 'whole'
  if (range === 'whole') return { from: 'store', status: 200, fields, body }
  const rest = fields.filter(([name]) => name !== 'content-length' && name !== 'content-range')
  if (range === 'unsatisfiable')
    return {
      from: 'store',
      status: 416,
      fields: [...rest, ['content-range', `bytes */${size}`]],
      body: undefined,
    }
  const { first, last } = range
  const about: Fields = [
    ['content-range', `bytes ${first}-${last}/${size}`],
    ['content-length', String(last - first + 1)],
  ]
  return { from: 'store', status: 206, fields: [...rest, ...about], body: body.subarray(first, last + 1) }
}

import { stronglyEqual, weaklyEqual } from '../fields/entity-tag'
import { endToEndFields, type Fields, fieldValue, omitFields, replaceFields } from '../fields/fields'
import { joinVary } from '../fields/vary'

/** Fields that describe the stored body. A response without a body does not change them (RFC 9111 §3.2). */
const bodyFields = new Set([
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'content-md5',
])

/**
 * The fields of a stored response after validation by a 304 with the fields `update` (RFC 9111 §3.2). Its `Vary` adds to
 * the stored one: the body still is the variant that it was, although layers such as compression leave their part out of
 * a response without a body.
 */
export function freshenFields(stored: Fields, update: Fields): Fields {
  const fields = omitFields(endToEndFields(update), bodyFields)
  const vary = fieldValue(stored, 'vary')
  if (vary === undefined) return replaceFields(stored, fields)
  const joined = joinVary(vary, fieldValue(fields, 'vary') ?? '')
  return replaceFields(stored, replaceFields(fields, [['vary', joined]]))
}

/**
 * Whether a 304 with the fields `update` is about the stored response: not if its validator differs (RFC 9111 §4.3.4).
 */
export function canFreshen(stored: Fields, update: Fields): boolean {
  const updateTag = fieldValue(update, 'etag')
  const storedTag = fieldValue(stored, 'etag')
  if (updateTag === undefined || storedTag === undefined) return true
  return updateTag.startsWith('W/') ? weaklyEqual(updateTag, storedTag) : stronglyEqual(updateTag, storedTag)
}

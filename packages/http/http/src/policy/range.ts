import { stronglyEqual } from '../fields/entity-tag'
import { type FieldReader, type Fields, fieldValue } from '../fields/fields'
import { parseHttpDate } from '../fields/http-date'

/** Positions of the first and the last byte, both included. */
interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * The byte range that a `Range` field requests from a body of `size` bytes (RFC 9110 §14.1.2). `whole` without a range,
 * for several ranges, and for a malformed field; `unsatisfiable` if the range lies outside the body.
 */
export function parseRange(value: string | null, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(value ?? '')
  if (match === null) return 'whole'
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return 'whole'
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return 'whole'
  return first >= size || (from === '' && Number(to) === 0) ? 'unsatisfiable' : { first, last }
}

/**
 * Whether `If-Range` permits a partial response: the client's other parts must be of the same body (RFC 9110 §13.1.5).
 */
export function isRangeAllowed(fields: Fields, headers: FieldReader): boolean {
  const condition = headers.get('if-range')
  if (condition === null) return true
  if (condition.includes('"')) return stronglyEqual(condition.trim(), fieldValue(fields, 'etag') ?? '')
  const changed = parseHttpDate(fieldValue(fields, 'last-modified') ?? '')
  return changed !== undefined && changed === parseHttpDate(condition.trim())
}

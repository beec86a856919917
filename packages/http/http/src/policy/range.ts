import type { FieldReader } from '../contracts/request'
import { stronglyEqual } from '../fields/entity-tag'
import { type Fields, fieldValue } from '../fields/fields'
import { parseHttpDate } from '../fields/http-date'

/** Bytes from the first to the last, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * The part of a body of `size` bytes that a request wants: `whole` if it wants none, or several, or something that is no
 * range of bytes; `unsatisfiable` if there is no such part (RFC 9110 §14.1.2).
 */
export function rangeOf(value: string | null, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(value ?? '')
  if (match === null) return 'whole'
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return 'whole'
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return 'whole'
  return first >= size || (from === '' && Number(to) === 0) ? 'unsatisfiable' : { first, last }
}

/** Whether a part may be sent, as far as `If-Range` says: only if the client's other parts are of the same body (RFC 9110 §13.1.5). */
export function isSameForRange(fields: Fields, headers: FieldReader): boolean {
  const condition = headers.get('if-range')
  if (condition === null) return true
  if (condition.includes('"')) return stronglyEqual(condition.trim(), fieldValue(fields, 'etag') ?? '')
  const changed = parseHttpDate(fieldValue(fields, 'last-modified') ?? '')
  return changed !== undefined && changed === parseHttpDate(condition.trim())
}

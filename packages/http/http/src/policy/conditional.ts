import { parseEntityTags, weaklyEqual } from '../fields/entity-tag'
import { type FieldReader, type Fields, fieldValue, omitFields } from '../fields/fields'
import { parseHttpDate } from '../fields/http-date'

/** Request fields that make a request conditional or ask for a range (RFC 9110 §13.1, §14.2). */
export const conditionalFields = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
] as const

/** Request fields with which the handler can validate a stored response that has these fields (RFC 9111 §4.3.1). */
export function validationFields(fields: Fields): Readonly<Record<string, string | undefined>> {
  return {
    'if-none-match': fieldValue(fields, 'etag'),
    'if-modified-since': fieldValue(fields, 'last-modified'),
  }
}

/**
 * Whether the client's copy is current, so that 304 is the answer (RFC 9110 §13.2.2). Only the answer to a request that
 * succeeds depends on conditions (RFC 9110 §13.2.1).
 */
export function isNotModified(status: number, fields: Fields, headers: FieldReader): boolean {
  if (status < 200 || status >= 300) return false
  const tags = headers.get('if-none-match')
  if (tags !== null) {
    const current = fieldValue(fields, 'etag')
    return (
      tags.trim() === '*' ||
      (current !== undefined && parseEntityTags(tags).some((tag) => weaklyEqual(tag, current)))
    )
  }
  const condition = headers.get('if-modified-since')
  const since = condition === null ? undefined : parseHttpDate(condition)
  if (since === undefined) return false
  const changed = parseHttpDate(fieldValue(fields, 'last-modified') ?? fieldValue(fields, 'date') ?? '')
  return changed !== undefined && changed <= since
}

/** Fields that describe the body, and are therefore omitted from a 304 (RFC 9110 §15.4.5). */
const bodyFields = new Set([
  'content-length',
  'content-encoding',
  'content-language',
  'content-range',
  'content-type',
])

export function notModifiedFields(fields: Fields): Fields {
  return omitFields(fields, bodyFields)
}

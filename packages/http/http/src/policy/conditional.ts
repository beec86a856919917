import type { FieldReader } from '../contracts/request'
import { parseEntityTags, weaklyEqual } from '../fields/entity-tag'
import { type Fields, fieldValue } from '../fields/fields'
import { parseHttpDate } from '../fields/http-date'

/** Fields of a request that make it conditional, or ask for a part. */
export const conditionalFields = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
] as const

/** Fields of a request that ask the handler whether a stored response still holds (RFC 9111 §4.3.1). */
export function questionFor(fields: Fields): Readonly<Record<string, string | undefined>> {
  return {
    'if-none-match': fieldValue(fields, 'etag'),
    'if-modified-since': fieldValue(fields, 'last-modified'),
  }
}

/** Whether the client has the response already (RFC 9110 §13.2.2). */
export function isKnownToClient(fields: Fields, headers: FieldReader): boolean {
  const tags = headers.get('if-none-match')
  if (tags !== null) {
    const tag = fieldValue(fields, 'etag')
    return (
      tags.trim() === '*' || (tag !== undefined && parseEntityTags(tags).some((own) => weaklyEqual(own, tag)))
    )
  }
  const condition = headers.get('if-modified-since')
  const since = condition === null ? undefined : parseHttpDate(condition)
  if (since === undefined) return false
  const changed = parseHttpDate(fieldValue(fields, 'last-modified') ?? fieldValue(fields, 'date') ?? '')
  return changed !== undefined && changed <= since
}

/** Fields about the body that a response without one leaves out (RFC 9110 §15.4.5). */
const aboutBody = new Set([
  'content-length',
  'content-encoding',
  'content-language',
  'content-range',
  'content-type',
])

export function notModifiedFields(fields: Fields): Fields {
  return fields.filter(([name]) => !aboutBody.has(name))
}

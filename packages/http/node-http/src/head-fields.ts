import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Fields, OriginHead } from '@larder/http'

/** The fields that are set on a response so far. */
export function readFields(res: ServerResponse): Fields {
  return fromRecord(res.getHeaders())
}

/** The fields in one of the forms that `writeHead` accepts: an object, a flat list of names and values, or pairs. */
export function parseFields(headers: unknown): Fields {
  if (typeof headers !== 'object' || headers === null) return []
  if (!Array.isArray(headers)) return fromRecord(headers as OutgoingHttpHeaders)
  const pairs = Array.isArray(headers[0]) ? headers : toPairs(headers)
  return pairs.flatMap(([name, value]) => toLines(String(name), value))
}

/** The fields among the arguments of `writeHead(status[, reason][, headers])`. */
function headersArgument(args: readonly unknown[]): unknown {
  return typeof args[1] === 'string' ? args[2] : (args[2] ?? args[1])
}

/**
 * The head that a call of `writeHead` with these arguments makes, without the fields that were on the response before the
 * cache passed the request on.
 */
export function parseHead(
  res: ServerResponse,
  args: readonly unknown[],
  fieldsBefore: OutgoingHttpHeaders,
): OriginHead {
  const given = parseFields(headersArgument(args))
  const names = new Set(given.map(([name]) => name))
  const fields = [...readFields(res).filter(([name]) => !names.has(name)), ...given]
  const removed = Object.keys(fieldsBefore).filter((name) => !fields.some(([field]) => field === name))
  return {
    status: Number(args[0]) | 0,
    fields: fields.filter(([name, value]) => !isOfRequest(name, value, fieldsBefore)),
    removedNames: removed.length === 0 ? undefined : removed,
  }
}

/**
 * Without the lines of a repeated field that are not sent: `writeHead` keeps all lines of a list, or the last one of each
 * name if fields were set before.
 */
export function withoutDropped(fields: Fields, sentFields: Fields): Fields {
  const names = fields.map(([name]) => name)
  const isRepeated = (name: string) => names.indexOf(name) !== names.lastIndexOf(name)
  const isSent = (name: string, value: string) =>
    sentFields.some(([sentName, sent]) => sentName === name && sent === value)
  return fields.filter(([name, value]) => !isRepeated(name) || isSent(name, value))
}

/** Fields that describe the response, whichever layer has set them. */
const responseFields =
  /^(?:content-.*|cache-control|cdn-cache-control|expires|etag|last-modified|vary|date|location|accept-ranges)$/

/** Whether a field was set for this request before the cache, such as a request id: the next request gets its own. */
function isOfRequest(name: string, value: string, fieldsBefore: OutgoingHttpHeaders): boolean {
  const before = fieldsBefore[name]
  if (before === undefined || responseFields.test(name)) return false
  return Array.isArray(before) ? before.includes(value) : String(before) === value
}

function fromRecord(headers: OutgoingHttpHeaders): Fields {
  return Object.entries(headers).flatMap(([name, value]) => toLines(name, value))
}

function toPairs(flat: readonly unknown[]): [unknown, unknown][] {
  return Array.from({ length: flat.length >> 1 }, (_, index) => [flat[index * 2], flat[index * 2 + 1]])
}

function toLines(name: string, value: OutgoingHttpHeader | undefined | unknown): Fields {
  if (value === undefined || value === null) return []
  return [value].flat().map((line) => [name.toLowerCase(), String(line)] as const)
}

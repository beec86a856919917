import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Fields } from '@larder/http'

/** The fields that are set on a response so far. */
export function readFields(res: ServerResponse): Fields {
  return fromRecord(res.getHeaders())
}

/** Sets the head of a response back to `fields`, without those of `removedNames`. */
export function resetHead(
  res: ServerResponse,
  fields: OutgoingHttpHeaders,
  removedNames: readonly string[] = [],
): void {
  for (const name of res.getHeaderNames()) if (!(name in fields)) res.removeHeader(name)
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) res.setHeader(name, value)
  for (const name of removedNames) res.removeHeader(name)
  // HTTP/2 has no reason phrase.
  if (!('stream' in res)) res.statusMessage = ''
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

/** All fields on the response at the head that a call of `writeHead` with these arguments makes. */
export function fieldsOfHead(res: ServerResponse, args: readonly unknown[]): Fields {
  const given = parseFields(headersArgument(args))
  const names = new Set(given.map(([name]) => name))
  return [...readFields(res).filter(([name]) => !names.has(name)), ...given]
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

/** The value of a field that has further lines beside those known: all of them, in their order. */
export function appendLine(known: unknown, line: string): string[] {
  return [known, line].flat().map(String)
}

/** The fields of a record of `node:http`. */
export function fromRecord(headers: OutgoingHttpHeaders): Fields {
  return Object.entries(headers).flatMap(([name, value]) => toLines(name, value))
}

function toPairs(flat: readonly unknown[]): [unknown, unknown][] {
  return Array.from({ length: flat.length >> 1 }, (_, index) => [flat[index * 2], flat[index * 2 + 1]])
}

function toLines(name: string, value: OutgoingHttpHeader | undefined | unknown): Fields {
  if (value === undefined || value === null) return []
  return [value].flat().map((line) => [name.toLowerCase(), String(line)] as const)
}

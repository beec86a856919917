import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Fields, HandlerRun } from '@larder/http'

/** The fields that are set on a response so far. */
export function readFields(res: ServerResponse): Fields {
  return Object.entries(res.getHeaders()).flatMap(([name, value]) => toLines(name, value))
}

function toLines(name: string, value: OutgoingHttpHeader | undefined): Fields {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map((line) => [name, String(line)] as const)
}

/** Sets fields in one of the two forms that `writeHead` accepts: an object, or a flat list of names and values. */
export function setFields(res: ServerResponse, headers: unknown): void {
  if (Array.isArray(headers)) {
    setFieldList(res, headers.flat())
    return
  }
  for (const [name, value] of Object.entries((headers ?? {}) as OutgoingHttpHeaders))
    if (value !== undefined) res.setHeader(name, value)
}

function setFieldList(res: ServerResponse, flat: readonly string[]): void {
  for (let index = 0; index < flat.length; index += 2) res.removeHeader(flat[index] ?? '')
  for (let index = 0; index < flat.length; index += 2)
    res.appendHeader(flat[index] ?? '', flat[index + 1] ?? '')
}

/** Replaces all fields of a response by those of `before`. */
export function resetFields(res: ServerResponse, before: OutgoingHttpHeaders): void {
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  setFields(res, before)
}

/** Changes the request fields that the handler sees. */
export function applyChanges(req: IncomingMessage, changes: HandlerRun['changes']): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete req.headers[name]
    else req.headers[name] = value
  }
}

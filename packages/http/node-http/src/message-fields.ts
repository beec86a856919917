import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Fields } from '@larder/http'

/** The fields set on a response so far. */
export function fieldsOf(res: ServerResponse): Fields {
  return Object.entries(res.getHeaders()).flatMap(([name, value]) => linesOf(name, value))
}

function linesOf(name: string, value: OutgoingHttpHeader | undefined): Fields {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map((line) => [name, String(line)] as const)
}

/** Sets what `writeHead` was given: an object, or names and values in turn. */
export function setFields(res: ServerResponse, headers: unknown): void {
  if (Array.isArray(headers)) {
    setInTurn(res, headers.flat())
    return
  }
  for (const [name, value] of Object.entries((headers ?? {}) as OutgoingHttpHeaders))
    if (value !== undefined) res.setHeader(name, value)
}

function setInTurn(res: ServerResponse, flat: readonly string[]): void {
  for (let at = 0; at < flat.length; at += 2) res.removeHeader(flat[at] ?? '')
  for (let at = 0; at < flat.length; at += 2) res.appendHeader(flat[at] ?? '', flat[at + 1] ?? '')
}

/** Puts the fields of a response back to what they were. */
export function resetFields(res: ServerResponse, to: OutgoingHttpHeaders): void {
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  setFields(res, to)
}

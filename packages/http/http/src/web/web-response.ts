import type { Answer, OriginResponse } from '../contracts/handler'
import type { FieldRecord } from '../fields/field-record'
import { endToEnd, type Fields, replaced } from '../fields/fields'
import { copyBody, drain } from './body-copy'

/** A web-standard response of a handler. `deliver` gets what goes to the client. */
export function originResponse(response: Response, deliver: (response: Response) => void): OriginResponse {
  const fields: Fields = [...response.headers]
  let { body } = response
  let isCopied = false
  return {
    status: response.status,
    fields: endToEnd(fields),
    keep(limit) {
      const copy = copyBody(body, limit)
      body = copy.stream
      isCopied = true
      return copy.whole
    },
    pass(changes) {
      if (!isCopied && changes.length === 0) return deliver(response)
      const headers = replaced(fields, changes) as [string, string][]
      deliver(new Response(body, { status: response.status, statusText: response.statusText, headers }))
    },
    drop() {
      if (isCopied) void drain(body)
      else body?.cancel().catch(() => undefined)
    },
  }
}

/** An answer from the store as a web-standard response. */
export function toWebResponse({ status, fields, body }: Extract<Answer, { from: 'store' }>): Response {
  return new Response(body as Uint8Array<ArrayBuffer> | undefined, { status, headers: headersOf(fields) })
}

/** A plain object where it says everything: servers take it as it is, and anything else has to be read first. */
function headersOf(fields: FieldRecord): Record<string, string> | [string, string][] {
  if (isSingle(fields)) return fields
  return Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((line): [string, string] => [name, line]),
  )
}

function isSingle(fields: FieldRecord): fields is Record<string, string> {
  for (const name in fields) if (typeof fields[name] !== 'string') return false
  return true
}

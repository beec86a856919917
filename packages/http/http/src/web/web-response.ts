import type { Answer, OriginResponse } from '../contracts/handler'
import type { FieldRecord } from '../fields/field-record'
import { endToEndFields, type Fields, replaceFields } from '../fields/fields'
import { createBodyCopy } from '../storage/body-copy'
import { copyStream, drainStream } from './copy-stream'

/** Describes the handler's web-standard response to the cache. `deliver` receives the response for the client. */
export function originResponse(response: Response, deliver: (response: Response) => void): OriginResponse {
  const fields: Fields = [...response.headers]
  let { body } = response
  let isCopied = false
  return {
    status: response.status,
    fields: endToEndFields(fields),
    copyBody(limit) {
      const copy = createBodyCopy(limit)
      if (body === null) copy.complete()
      else body = copyStream(body, copy)
      isCopied = true
      return copy.whole
    },
    sendToClient(changes) {
      if (!isCopied && changes.length === 0) return deliver(response)
      const headers = replaceFields(fields, changes) as [string, string][]
      deliver(new Response(body, { status: response.status, statusText: response.statusText, headers }))
    },
    discard() {
      if (body === null) return
      if (isCopied) void drainStream(body)
      else body.cancel().catch(() => undefined)
    },
  }
}

/** An answer from the store as a web-standard response. */
export function toWebResponse({ status, fields, body }: Extract<Answer, { from: 'store' }>): Response {
  return new Response(body as Uint8Array<ArrayBuffer> | undefined, { status, headers: toHeadersInit(fields) })
}

/** A plain object if no field repeats: servers use it as it is, while a `Headers` object would have to be parsed. */
function toHeadersInit(fields: FieldRecord): Record<string, string> | [string, string][] {
  if (hasSingleValues(fields)) return fields
  return Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((line): [string, string] => [name, line]),
  )
}

function hasSingleValues(fields: FieldRecord): fields is Record<string, string> {
  for (const name in fields) if (typeof fields[name] !== 'string') return false
  return true
}

import type { Answer, HandlerRun, OriginHead, ResponseObserver } from '../contracts/handler'
import type { FieldRecord } from '../fields/field-record'
import { endToEndFields, type Fields, fieldValue, replaceFields } from '../fields/fields'
import { copyStream, drainStream } from './copy-stream'

/**
 * Shows the handler's response to `observer`, and resolves with the response for the client, once that may be sent.
 * `undefined`: the cache answers instead. `sentFields` returns the fields that the client has received, once the body
 * has ended: layers in front of the cache may have added to them.
 */
export async function observeWebResponse(
  response: Response,
  { isReplaceable }: Pick<HandlerRun, 'isReplaceable'>,
  observer: ResponseObserver,
  sentFields: () => Fields = () => [],
): Promise<Response | undefined> {
  const fields: Fields = [...response.headers]
  const head: OriginHead = { status: response.status, fields: endToEndFields(fields) }
  const decision = isReplaceable ? observer.decideHead(head) : 'send'
  if (decision === 'replace') {
    response.body?.cancel().catch(() => undefined)
    return undefined
  }
  const { added, copyLimit, holdUntil } = observer.prepareSending({ ...head, sentFields: head.fields })
  if (holdUntil !== undefined) await holdUntil
  const isNotModified = typeof decision === 'object'
  if (copyLimit === undefined && !isNotModified) return withFields(response, fields, added)
  let { body } = response
  if (copyLimit !== undefined && body === null) observer.finish(new Uint8Array(), sentFields())
  else if (copyLimit !== undefined && body !== null)
    body = copyStream(body, copyLimit, {
      onEnd: (copy) => observer.finish(copy.bytes, sentFields()),
      onCut: () => observer.abort(),
    })
  if (isNotModified) {
    void drainStream(body)
    return new Response(null, { status: 304, headers: toHeaders(addFields(decision.notModified, added)) })
  }
  return withFields(response, fields, added, body)
}

/**
 * The response with fields that the cache adds, and with another body if one is given. Without either it is the handler's
 * own, untouched: reading its body costs servers such as `@hono/node-server` their fast path, and can change its fields.
 */
export function withFields(
  response: Response,
  fields: Fields,
  added: Fields,
  replacedBody?: ReadableStream<Uint8Array> | null,
): Response {
  if (added.length === 0 && replacedBody === undefined) return response
  const { status, statusText, body } = response
  const headers = toHeaders(addFields(fields, added))
  return new Response(replacedBody === undefined ? body : replacedBody, { status, statusText, headers })
}

/** `fields` with those that the cache adds: `Cache-Status` after that of others, the rest in place of others. */
function addFields(fields: Fields, added: Fields): Fields {
  const statusOfOthers = fieldValue(fields, 'cache-status')
  const all = added.map(([name, value]) =>
    name === 'cache-status' && statusOfOthers !== undefined
      ? ([name, `${statusOfOthers}, ${value}`] as const)
      : ([name, value] as const),
  )
  return replaceFields(fields, all)
}

/**
 * An answer from the store as a web-standard response. Statuses without a body, such as 204, allow none of any length. The
 * server states the length of a body: layers in front of the cache may replace it.
 */
export function toWebResponse({ status, fields, body }: Extract<Answer, { from: 'store' }>): Response {
  const sentBody = body === undefined || body.length === 0 ? null : (body as Uint8Array<ArrayBuffer>)
  return new Response(sentBody, { status, headers: fromRecord(fields, sentBody !== null) })
}

/** A `Headers` object: of a plain one, the light response of `@hono/node-server` loses what later layers add. */
function fromRecord(fields: FieldRecord, isLengthKnown: boolean): Headers {
  const headers = new Headers()
  for (const name in fields) {
    if (isLengthKnown && name === 'content-length') continue
    const value = fields[name]
    if (typeof value === 'string') headers.append(name, value)
    else for (const line of value ?? []) headers.append(name, line)
  }
  return headers
}

function toHeaders(fields: Fields): Headers {
  return new Headers(fields as [string, string][])
}

import type { Answer, HandlerRun, ResponseObserver } from '../contracts/handler'
import { isAppended } from '../fields/appended-fields'
import type { FieldRecord } from '../fields/field-record'
import { endToEndFields, type Fields, fieldValue, replaceFields } from '../fields/fields'
import { joinFrontFields, toOriginHead } from '../fields/front-fields'
import { copyStream, drainStream } from './copy-stream'
import { findPlainRecord } from './plain-record'

/** How the response of a run is observed. */
interface ObserveOptions extends Pick<HandlerRun, 'isReplaceable'> {
  /** The fields that layers in front of the cache had set before the handler ran. */
  readonly before: Fields
  /** The fields that the client has received, once the body has ended: layers in front of the cache may have added some. */
  sentFields(): Fields
}

/** Stands for a response of the handler in place of which the cache answers. */
export class ReplacedResponse {
  /** Its fields that belong to its request: they are sent with the cache's answer. */
  readonly requestFields: Fields

  constructor(requestFields: Fields = []) {
    this.requestFields = requestFields
  }
}

/** Shows the handler's response to `observer`, and resolves with the response for the client, once that may be sent. */
export async function observeWebResponse(
  response: Response,
  { isReplaceable, before, sentFields }: ObserveOptions,
  observer: ResponseObserver,
): Promise<Response | ReplacedResponse> {
  const fields: Fields = [...response.headers]
  const head = toOriginHead(response.status, endToEndFields(fields), { before })
  const decision = isReplaceable ? observer.decideHead(head) : 'send'
  if (decision === 'replace') {
    response.body?.cancel().catch(() => undefined)
    return new ReplacedResponse(head.requestFields)
  }
  const { added, copyLimit, holdUntil } = observer.prepareSending({ ...head, sentFields: fields })
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
    const headers = toHeaders(addFields(decision.notModified, added))
    addFrontFields(headers, replaceFields(before, head.requestFields ?? []), head.removedNames)
    return new Response(null, { status: 304, headers })
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

/** `fields` with those that the cache adds. */
function addFields(fields: Fields, added: Fields): Fields {
  const all = added.map(([name, value]) => {
    const known = isAppended(name) ? fieldValue(fields, name) : undefined
    return [name, known === undefined ? value : `${known}, ${value}`] as const
  })
  return replaceFields(fields, all)
}

/**
 * An answer from the store as a web-standard response, with the fields `before` that other layers have set for this request.
 * Statuses without a body, such as 204, allow none of any length. The server states the length of a body: layers in front of
 * the cache may replace it.
 */
export function toWebResponse(answer: Extract<Answer, { from: 'store' }>, before: Fields): Response {
  const { status, body, removedNames } = answer
  const sentBody = body === undefined || body.length === 0 ? null : (body as Uint8Array<ArrayBuffer>)
  const fields =
    before.length === 0 ? answer.fields : joinFrontFields(answer, (name) => linesOf(before, name))
  const plain = sentBody === null || before.length > 0 ? undefined : findPlainRecord(fields)
  if (plain !== undefined) return new Response(sentBody, { status, headers: plain })
  const headers = fromRecord(fields, sentBody !== null)
  addFrontFields(headers, before, removedNames)
  return new Response(sentBody, { status, headers })
}

/** Undefined for a field that is not set. */
function linesOf(fields: Fields, name: string): string[] | undefined {
  const lines = fields.filter((line) => line[0] === name).map(([, value]) => value)
  return lines.length === 0 ? undefined : lines
}

/** Adds the fields of layers in front of the cache, but for those that the handler has set or removed. */
function addFrontFields(headers: Headers, before: Fields, removedNames: readonly string[] = []): void {
  const missing = before.filter(([name]) => !headers.has(name) && !removedNames.includes(name))
  for (const [name, value] of missing) headers.append(name, value)
}

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

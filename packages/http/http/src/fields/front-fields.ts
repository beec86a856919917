import type { OriginHead } from '../contracts/handler'
import type { FieldRecord } from './field-record'
import type { Fields } from './fields'
import { describesRequest } from './request-fields'
import { joinVary } from './vary'

/** The fields of a response at the moments between which the cache and the layers behind it work on it. */
export interface HandlerSpan {
  /** The fields that layers in front of the cache had set before the cache passed the request on. */
  readonly before: Fields
  /**
   * The fields as the handler left them, where layers in front of the cache change them before the head is written.
   * @defaultValue those of the head
   */
  readonly after?: Fields | undefined
}

/** Fields that describe the response, whichever layer has set them. */
const responseFields =
  /^(?:content-.*|cache-control|cdn-cache-control|expires|etag|last-modified|vary|date|location|accept-ranges)$/

/** Fields that tell clients how long they may keep a response. */
const clientTerms = new Set(['cache-control', 'expires'])

/**
 * The head of a handler's response, made from all `fields` that are set on it. Fields of layers in front of the cache
 * belong to the request that they were set for: the next request gets its own. So do fields that describe a request, such
 * as its id, whichever layer has set them.
 */
export function toOriginHead(status: number, fields: Fields, { before, after }: HandlerSpan): OriginHead {
  const isOfFrontLayer = ([name, value]: Fields[number]) =>
    hasLine(before, name, value) || (after !== undefined && !hasLine(after, name, value))
  const isOfRequest = (line: Fields[number]) =>
    describesRequest(line[0]) || (isOfFrontLayer(line) && !responseFields.test(line[0]))
  const names = new Set(fields.map(([name]) => name))
  const removed = new Set(before.map(([name]) => name).filter((name) => !names.has(name)))
  const frontTerms = fields.filter((line) => clientTerms.has(line[0]) && isOfFrontLayer(line))
  return {
    status,
    fields: fields.filter((line) => !isOfRequest(line)),
    requestFields: fields.filter(isOfRequest),
    removedNames: removed.size === 0 ? undefined : [...removed],
    frontTerms: frontTerms.length === 0 ? undefined : frontTerms.map(([name]) => name),
  }
}

const hasLine = (fields: Fields, name: string, value: string) =>
  fields.some(([otherName, otherValue]) => otherName === name && otherValue === value)

/** The part of an answer of the cache that its fields depend on. */
interface AnswerFields {
  readonly fields: FieldRecord
  readonly hasDefaultTerms?: boolean | undefined
}

/**
 * The fields to send with an answer from the store, where layers in front of the cache have set some for this request:
 * their `Vary` and their cookies are joined, and their terms for clients take the place of the cache's own. The same record
 * if none of that changes it. `readFront` returns the value or the values of a field that these layers have set.
 */
export function joinFrontFields(answer: AnswerFields, readFront: (name: string) => unknown): FieldRecord {
  const fields = hasFrontTerms(answer, readFront)
    ? withoutField(answer.fields, 'cache-control')
    : answer.fields
  return joinCookies(joinVaries(fields, readFront), readFront)
}

function joinVaries(fields: FieldRecord, readFront: (name: string) => unknown): FieldRecord {
  const vary = fields.vary === undefined ? undefined : readFront('vary')
  if (vary === undefined || vary === null) return fields
  const joined = joinVary(String(vary), String(fields.vary))
  return joined === fields.vary ? fields : { ...fields, vary: joined }
}

function joinCookies(fields: FieldRecord, readFront: (name: string) => unknown): FieldRecord {
  const stored = fields['set-cookie']
  const own = stored === undefined ? undefined : readFront('set-cookie')
  if (stored === undefined || own === undefined || own === null) return fields
  return { ...fields, 'set-cookie': [own, stored].flat().map(String) }
}

function hasFrontTerms({ hasDefaultTerms }: AnswerFields, readFront: (name: string) => unknown): boolean {
  return (
    hasDefaultTerms === true &&
    (readFront('cache-control') ?? readFront('expires') ?? undefined) !== undefined
  )
}

function withoutField(fields: FieldRecord, name: string): FieldRecord {
  const { [name]: _omitted, ...kept } = fields
  return kept
}

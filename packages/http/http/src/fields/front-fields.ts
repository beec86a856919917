import type { OriginHead } from '../contracts/handler'
import type { FieldRecord } from './field-record'
import { type Fields, listMembers } from './fields'

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

/**
 * The head of a handler's response, made from all `fields` that are set on it. Fields of layers in front of the cache,
 * such as a request id, belong to the request that they were set for: the next request gets its own.
 */
export function toOriginHead(status: number, fields: Fields, { before, after }: HandlerSpan): OriginHead {
  const isOfRequest = ([name, value]: Fields[number]) =>
    !responseFields.test(name) &&
    (hasLine(before, name, value) || (after !== undefined && !hasLine(after, name, value)))
  const names = new Set(fields.map(([name]) => name))
  const removed = new Set(before.map(([name]) => name).filter((name) => !names.has(name)))
  return {
    status,
    fields: fields.filter((line) => !isOfRequest(line)),
    removedNames: removed.size === 0 ? undefined : [...removed],
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
 * their `Vary` is joined, and their `Cache-Control` takes the place of the cache's own. The same record if neither
 * changes it.
 */
export function joinFrontFields(
  { fields, hasDefaultTerms }: AnswerFields,
  readFront: (name: string) => unknown,
): FieldRecord {
  const terms = hasDefaultTerms ? readFront('cache-control') : undefined
  const vary = fields.vary === undefined ? undefined : joinLists(readFront('vary'), fields.vary)
  if (terms === undefined && vary === undefined) return fields
  return {
    ...fields,
    ...(terms === undefined ? {} : { 'cache-control': String(terms) }),
    ...(vary === undefined ? {} : { vary }),
  }
}

/** Undefined if `stored` has all members of `front`. */
function joinLists(front: unknown, stored: string | string[]): string | undefined {
  if (front === undefined || front === null) return undefined
  const known = new Set(listMembers(String(stored)))
  const isComplete = listMembers(String(front)).every((member) => known.has(member))
  return isComplete ? undefined : `${front}, ${stored}`
}

import type { HeadCharset, OriginHead } from '../contracts/handler'
import { makeEntityTag } from '../fields/entity-tag'
import { type Fields, fieldValue } from '../fields/fields'
import { formatTags } from '../fields/tag-field'
import { canFreshen, freshenFields } from '../policy/freshen'
import { parseGroups } from '../policy/invalidation'
import { originFields, type StoredResponse, withDate } from '../policy/stored-response'
import { cdnTagsOf } from '../storage/cdn-tags'
import { tagOfGroup, tagOfTarget, tagOfUser } from '../storage/response-tags'
import { type Draft, draftResponse } from './draft'
import type { Exchange } from './exchange'
import type { MissContext } from './miss-context'
import type { RecordedHints } from './response-hints'
import type { ResponseStorerOptions } from './response-storer-options'

const emptyBody = new Uint8Array()

/**
 * Tags the entry with its target, its user, its cache groups and the tags of its rule. False if these are invalid: the response
 * could not be invalidated by them.
 */
export function tagEntry({ exchange, context }: MissContext, fields: Fields): boolean {
  const { rule, request, origin, user } = exchange
  const ruleTags = rule.tags(request)
  if (ruleTags === undefined) return false
  const groups = parseGroups(fields, 'cache-groups').map((group) => tagOfGroup(origin, group))
  const users = user === undefined ? [] : [tagOfUser(user)]
  context.tag(tagOfTarget(origin, request.target), ...users, ...groups, ...ruleTags)
  return true
}

/** The tags by which a CDN can purge the response. None for a private response, which no CDN keeps. */
export function cdnTags(
  { tagField, warn }: ResponseStorerOptions,
  { route, rule }: Exchange,
  tags: readonly string[],
): Fields {
  if (tagField === undefined || rule.scope === 'private') return []
  const { names, isCoarse } = cdnTagsOf(tags)
  if (isCoarse)
    warn(
      route === '' ? 'tagField' : `tagField on routes['${route}']`,
      `has no room for ${tags.length} tags, so purging any of their families purges its responses.`,
    )
  return [[tagField, formatTags(tagField, names)]]
}

/** The draft with the octets that its client has received as values, one character each: every hit sends them so. */
export function inOctets(draft: Draft, charset: HeadCharset): Draft {
  if (charset === 'latin1') return draft
  const fields = draft.stored.fields.map(([name, value]) => [name, octetsOf(value)] as const)
  return { ...draft, stored: { ...draft.stored, fields } }
}

const octetsOf = (value: string) => String.fromCharCode(...new TextEncoder().encode(value))

/** Adds the fields that need the whole body: entity tag and length. */
export async function finishEntry(
  options: ResponseStorerOptions,
  { context, exchange, key }: MissContext,
  { stored, keepFor, added }: Draft,
  written: Uint8Array,
): Promise<StoredResponse> {
  const storedAt = options.now()
  options.budget.add(exchange.route, exchange.primaryKey, key, storedAt + keepFor, storedAt)
  options.hitForMiss.recordStored(exchange.route, storedAt + keepFor)
  const hasEntityTag = fieldValue(stored.fields, 'etag') !== undefined
  const { tags } = context
  // 204 has neither a body nor a length (RFC 9110 §8.6).
  const isBodiless = stored.status === 204
  const body = isBodiless ? emptyBody : written
  context.ttl(keepFor)
  const cacheFields: Fields = [
    ...added,
    ...(hasEntityTag || body.length === 0 ? [] : [['etag', await makeEntityTag(body)] as const]),
    ...(isBodiless || fieldValue(stored.fields, 'content-length') !== undefined
      ? []
      : [['content-length', String(body.length)] as const]),
    ...cdnTags(options, exchange, tags),
  ]
  const fields = [...stored.fields, ...cacheFields]
  return { ...stored, body, tags, originFieldCount: stored.fields.length, fields }
}

/** The handler's confirmation of a stored response. */
interface Confirmation {
  readonly previous: StoredResponse
  /** The 304. */
  readonly head: OriginHead
}

/**
 * The previous response as the result of this run. It keeps its tags, so that a request that joined the run after their
 * invalidation does not get it.
 */
export function reusePrevious({ context }: MissContext, previous: StoredResponse): StoredResponse {
  context.notModified()
  context.skip()
  return previous
}

/** Freshens the previous response by a 304 (RFC 9111 §4.3.4). It is not stored again if its new fields forbid that. */
export async function freshenStored(
  options: ResponseStorerOptions,
  miss: MissContext,
  { requestTime, hints }: { readonly requestTime: number; readonly hints: RecordedHints },
  { previous, head }: Confirmation,
): Promise<StoredResponse | undefined> {
  const { context, exchange } = miss
  if (!canFreshen(previous.fields, head.fields)) return reusePrevious(miss, previous)
  if (!tagEntry(miss, head.fields)) context.skip()
  const responseTime = options.now()
  const fields = freshenFields(originFields(previous), withDate(head.fields, responseTime))
  const { status, removedNames } = previous
  const freshened = { status, fields, removedNames, frontTerms: head.frontTerms }
  const draft = draftResponse(exchange, freshened, { requestTime, responseTime }, hints, options.settings)
  context.notModified()
  if (!('reasonNotStorable' in draft)) return finishEntry(options, miss, draft, previous.body)
  context.skip()
  return { ...previous, fields, originFieldCount: fields.length }
}

/** A body shorter or longer than its `Content-Length` is incomplete (RFC 9112 §8). */
export function hasAnnouncedLength(fields: Fields, body: Uint8Array): boolean {
  const announced = fieldValue(fields, 'content-length')
  return announced === undefined || announced === String(body.length)
}

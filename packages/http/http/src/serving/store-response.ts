import type { Cache, ExpiringSet } from '@larder/core'
import type { OriginResponse } from '../contracts/handler'
import { cacheStatusField } from '../fields/cache-status'
import { makeEntityTag } from '../fields/entity-tag'
import { type Fields, fieldValue } from '../fields/fields'
import { formatTags, type TagField } from '../fields/tag-field'
import { isSelected } from '../fields/vary'
import { canFreshen, freshenFields } from '../policy/freshen'
import { parseGroups } from '../policy/invalidation'
import { originFields, type StoredResponse, withDate } from '../policy/stored-response'
import type { KeyBudget } from '../storage/key-budget'
import { applicationTags, tagOfGroup, tagOfTarget } from '../storage/response-tags'
import { type Draft, type DraftSettings, draftResponse, type Rejection } from './draft'
import type { MissContext } from './miss-context'
import { type RecordedHints, recordHints } from './response-hints'
import { originRequestChanges, runHandler } from './run-handler'

/** "Hit-for-miss": for so long after a response that was not storable, requests for the resource are not collapsed (ms). */
const hitForMissDuration = 10_000

/** Dependencies of {@link createResponseStorer}. */
interface ResponseStorerOptions {
  readonly cache: Cache
  readonly settings: DraftSettings
  readonly tagField: TagField | undefined
  readonly budget: KeyBudget
  /** Resources whose last response was not storable: requests for them do not wait for each other. */
  readonly hitForMiss: ExpiringSet
  /** The name of this cache in `Cache-Status`. */
  readonly name: string | false
  now(): number
}

export type ResponseStorer = ReturnType<typeof createResponseStorer>

/**
 * Makes the computation that fills a key: it runs the handler, streams the response to the sink and, if that is
 * allowed, copies it for the store. Resolves with the response to share: a new one, or the previous one if the handler
 * validated it or failed. Resolves with `undefined` if the handler's response cannot be shared.
 */
export function createResponseStorer(options: ResponseStorerOptions) {
  return (miss: MissContext) => storeResponse(options, miss)
}

async function storeResponse(
  options: ResponseStorerOptions,
  miss: MissContext,
): Promise<StoredResponse | undefined> {
  const { cache, settings, name, now } = options
  const { exchange, context, sink } = miss
  const previous = selectPrevious(miss)
  const hints = recordHints(cache, context)
  const requestTime = now()
  const run = { changes: originRequestChanges(previous), hints }
  const response = await runHandler(miss, previous, run, now)
  if (response === undefined) return previous
  if (response.status === 304 && previous !== undefined) {
    if (!tagEntry(miss, response.fields)) context.skip()
    return freshenStored(options, miss, { previous, response, requestTime, hints })
  }
  const times = { requestTime, responseTime: now() }
  const draft = tagEntry(miss, response.fields)
    ? draftResponse(exchange, response, times, hints, settings)
    : invalidTags
  if ('reasonNotStorable' in draft) return deliverUncached(options, miss, response)
  const copied = response.copyBody(exchange.rule.maxBodySize)
  const forward = previous === undefined ? 'miss' : 'stale'
  const status = cacheStatusField(name, { forward, isStored: cache.enabled })
  // Tags that the handler adds while its body streams reach the stored response only, not this client.
  sink.deliver(response, [...draft.added, ...cdnTags(options, context.tags), ...status])
  const body = await copied
  if (body !== undefined && hasAnnouncedLength(response.fields, body))
    return finishEntry(options, miss, draft, body)
  context.skip()
  return undefined
}

/** The entry's previous response, if it is of the variant that the request selects. */
function selectPrevious({ exchange, context }: MissContext): StoredResponse | undefined {
  const previous = context.previous?.value
  return previous !== undefined && isSelected(previous.selectors, exchange.request.headers)
    ? previous
    : undefined
}

function deliverUncached(
  { hitForMiss }: ResponseStorerOptions,
  { context, sink, exchange }: MissContext,
  response: OriginResponse,
): undefined {
  context.skip()
  hitForMiss.add(exchange.primaryKey, hitForMissDuration)
  sink.deliver(response, [])
}

const invalidTags: Rejection = { reasonNotStorable: 'invalid tags' }

/**
 * Tags the entry with its target, its cache groups and the tags of its rule. False if these are invalid: the response
 * could not be invalidated by them.
 */
function tagEntry({ exchange, context }: MissContext, fields: Fields): boolean {
  const { rule, request, origin } = exchange
  const ruleTags = rule.tags(request)
  if (ruleTags === undefined) return false
  const groups = parseGroups(fields, 'cache-groups').map((group) => tagOfGroup(origin, group))
  context.tag(tagOfTarget(origin, request.target), ...groups, ...ruleTags)
  return true
}

/** The tags by which a CDN can purge the response. */
function cdnTags({ tagField }: ResponseStorerOptions, tags: readonly string[]): Fields {
  return tagField === undefined ? [] : [[tagField, formatTags(tagField, applicationTags(tags))]]
}

/** Adds the fields that need the whole body: entity tag and length. */
async function finishEntry(
  options: ResponseStorerOptions,
  { context, exchange, key }: MissContext,
  { stored, keepFor, added }: Draft,
  body: Uint8Array,
): Promise<StoredResponse> {
  const storedAt = options.now()
  options.budget.add(exchange.route, exchange.primaryKey, key, storedAt + keepFor, storedAt)
  const hasEntityTag = fieldValue(stored.fields, 'etag') !== undefined
  const tags = context.tags
  context.ttl(keepFor)
  options.hitForMiss.delete(exchange.primaryKey)
  const cacheFields: Fields = [
    ...added,
    ...(hasEntityTag || body.length === 0 ? [] : [['etag', await makeEntityTag(body)] as const]),
    ...(fieldValue(stored.fields, 'content-length') === undefined
      ? [['content-length', String(body.length)] as const]
      : []),
    ...cdnTags(options, tags),
  ]
  const fields = [...stored.fields, ...cacheFields]
  return { ...stored, body, tags, originFieldCount: stored.fields.length, fields }
}

/** A validation of the previous response by the handler. */
interface Validation {
  readonly previous: StoredResponse
  /** The 304. */
  readonly response: OriginResponse
  readonly requestTime: number
  readonly hints: RecordedHints
}

/** Freshens the previous response by a 304 (RFC 9111 §4.3.4). It is not stored again if its new fields forbid that. */
async function freshenStored(
  options: ResponseStorerOptions,
  miss: MissContext,
  { previous, response, requestTime, hints }: Validation,
): Promise<StoredResponse | undefined> {
  response.discard()
  const { context, exchange } = miss
  if (!canFreshen(previous.fields, response.fields)) {
    context.skip()
    return previous
  }
  const responseTime = options.now()
  const fields = freshenFields(originFields(previous), withDate(response.fields, responseTime))
  const head = { status: previous.status, fields }
  const draft = draftResponse(exchange, head, { requestTime, responseTime }, hints, options.settings)
  context.notModified()
  if (!('reasonNotStorable' in draft)) return finishEntry(options, miss, draft, previous.body)
  context.skip()
  return { ...previous, fields, originFieldCount: fields.length }
}

/** A body shorter or longer than its `Content-Length` is incomplete (RFC 9112 §8). */
function hasAnnouncedLength(fields: Fields, body: Uint8Array): boolean {
  const announced = fieldValue(fields, 'content-length')
  return announced === undefined || announced === String(body.length)
}

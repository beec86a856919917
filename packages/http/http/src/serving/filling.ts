import type { Cache, ComputeContext } from '@larder/core'
import type { HandlerRun, OriginResponse } from '../contracts/handler'
import { cacheStatus } from '../fields/cache-status'
import { entityTagOf } from '../fields/entity-tag'
import { type Fields, fieldValue } from '../fields/fields'
import { formatTags, type TagField } from '../fields/tag-field'
import { isSelected } from '../fields/vary'
import { conditionalFields, questionFor } from '../policy/conditional'
import { groupsOf } from '../policy/invalidation'
import { isBetterThanError } from '../policy/reuse'
import { dated, hasValidator, type StoredResponse, saidFields } from '../policy/stored-response'
import { isAbout, updatedFields } from '../policy/update'
import { tagOfGroup, tagOfTarget } from '../storage/key'
import type { KeyBudget } from '../storage/key-budget'
import type { Passes } from '../storage/passes'
import { type Draft, type DraftSettings, draftOf } from './draft'
import type { Exchange } from './exchange'
import { larderFor, type Remarks } from './larder'

/** What filling is made of. */
export interface FillingOptions {
  readonly cache: Cache
  readonly settings: DraftSettings
  readonly tagField: TagField | undefined
  readonly budget: KeyBudget
  readonly passes: Passes
  /** For `Cache-Status`. */
  readonly name: string | false
  now(): number
}

/** Who the handler runs for. */
export interface Audience {
  run(run: HandlerRun): Promise<OriginResponse>
  /** The response goes out to whoever waits for it. */
  pass(response: OriginResponse, changes: Fields): void
}

/** One place in the cache to fill. */
export interface Vacancy {
  readonly exchange: Exchange
  readonly key: string
  readonly context: ComputeContext<StoredResponse | undefined>
  readonly audience: Audience
}

/** Gateway and server errors for which RFC 5861 §4 lets an old response step in. */
const failures = new Set([500, 502, 503, 504])

const unconditional = Object.fromEntries(conditionalFields.map((name) => [name, undefined]))

/**
 * Asks the handler, passes its response on as it comes, and keeps a copy where that is allowed. Returns what is stored,
 * which may be the old response: renewed, or better than an error. `undefined`: nothing to share.
 */
export function createFilling({ cache, settings, tagField, budget, passes, name, now }: FillingOptions) {
  function pass({ context, audience, exchange }: Vacancy, response: OriginResponse): undefined {
    context.skip()
    passes.add(exchange.primary)
    audience.pass(response, [])
  }

  /** The response, if the handler has one; otherwise the old one, where that is better. */
  async function ask(
    { audience, exchange, context }: Vacancy,
    old: StoredResponse | undefined,
    run: HandlerRun,
  ): Promise<OriginResponse | undefined> {
    const isFallback = () => old !== undefined && isBetterThanError(old, exchange.asked, now())
    try {
      const response = await audience.run(run)
      if (!failures.has(response.status) || !isFallback()) return response
      response.drop()
    } catch (error) {
      if (!isFallback()) throw error
    }
    context.skip()
    return undefined
  }

  /** Tags that every stored response of this exchange carries. */
  function tag({ exchange, context }: Vacancy, fields: Fields): void {
    const { rule, request, origin } = exchange
    const own = typeof rule.tags === 'function' ? rule.tags(request) : (rule.tags ?? [])
    const groups = groupsOf(fields, 'cache-groups').map((group) => tagOfGroup(origin, group))
    context.tag(tagOfTarget(origin, request.target), ...groups, ...own)
  }

  /** What a CDN needs to know to purge the response. */
  function tagged(tags: readonly string[]): Fields {
    return tagField === undefined ? [] : [[tagField, formatTags(tagField, visible(tags))]]
  }

  /** A draft for which there is room. */
  function admitted({ exchange, key }: Vacancy, draft: Draft): Draft {
    if ('obstacle' in draft) return draft
    const at = now()
    const isAdmitted = budget.spend(exchange.route, exchange.primary, key, at + draft.keepFor, at)
    return isAdmitted ? draft : { obstacle: 'full' }
  }

  async function finish(
    { context, exchange }: Vacancy,
    draft: Exclude<Draft, { obstacle: string }>,
    body: Uint8Array,
  ): Promise<StoredResponse> {
    const { stored } = draft
    const hasTag = fieldValue(stored.fields, 'etag') !== undefined
    const tags = context.tags
    context.ttl(draft.keepFor)
    passes.remove(exchange.primary)
    const added: Fields = [
      ...draft.added,
      ...(hasTag || body.length === 0 ? [] : [['etag', await entityTagOf(body)] as const]),
      ...(fieldValue(stored.fields, 'content-length') === undefined
        ? [['content-length', String(body.length)] as const]
        : []),
      ...tagged(tags),
    ]
    return { ...stored, body, tags, saidFields: stored.fields.length, fields: [...stored.fields, ...added] }
  }

  /** The handler says that the old response still holds (RFC 9111 §4.3.4). */
  async function renew(
    vacancy: Vacancy,
    old: StoredResponse,
    news: OriginResponse,
    requestTime: number,
    remarks: Remarks,
  ): Promise<StoredResponse | undefined> {
    news.drop()
    const { context, exchange } = vacancy
    if (!isAbout(old.fields, news.fields)) {
      context.skip()
      return old
    }
    const responseTime = now()
    const fields = updatedFields(saidFields(old), dated(news.fields, responseTime))
    const head = { status: old.status, fields }
    const draft = draftOf(exchange, head, { requestTime, responseTime }, remarks, settings)
    context.notModified()
    if (!('obstacle' in draft)) return finish(vacancy, draft, old.body)
    // It answers this time, and is not kept any longer.
    context.skip()
    return { ...old, fields: head.fields, saidFields: head.fields.length }
  }

  return async (vacancy: Vacancy): Promise<StoredResponse | undefined> => {
    const { exchange, context, audience } = vacancy
    const { request, rule } = exchange
    const previous = context.previous?.value
    const old =
      previous !== undefined && isSelected(previous.selectors, request.headers) ? previous : undefined
    const remarks = larderFor(cache, context)
    const requestTime = now()
    const question = old !== undefined && hasValidator(old) ? questionFor(saidFields(old)) : {}
    const response = await ask(vacancy, old, { changes: { ...unconditional, ...question }, larder: remarks })
    if (response === undefined) return old
    if (response.status === 304 && old !== undefined) {
      tag(vacancy, response.fields)
      return renew(vacancy, old, response, requestTime, remarks)
    }
    const times = { requestTime, responseTime: now() }
    const draft = admitted(vacancy, draftOf(exchange, response, times, remarks, settings))
    if ('obstacle' in draft) return pass(vacancy, response)
    tag(vacancy, response.fields)
    const arriving = response.keep(rule.maxBodySize)
    const forward = old === undefined ? 'miss' : 'stale'
    const status = cacheStatus(name, { forward, isStored: cache.enabled })
    // What is read while the body streams comes too late for this client's copy, and not for the stored one.
    audience.pass(response, [...draft.added, ...tagged(context.tags), ...status])
    const body = await arriving
    if (body !== undefined && isWhole(response.fields, body)) return finish(vacancy, draft, body)
    context.skip()
    return undefined
  }
}

export type Filling = ReturnType<typeof createFilling>

/** A body that is shorter or longer than announced is not the body. */
function isWhole(fields: Fields, body: Uint8Array): boolean {
  const announced = fieldValue(fields, 'content-length')
  return announced === undefined || announced === String(body.length)
}

/** Tags for others to see: those of targets and groups are Larder's own. */
function visible(tags: readonly string[]): string[] {
  return tags.filter((tag) => !tag.startsWith('http ') && !tag.startsWith('http-group '))
}

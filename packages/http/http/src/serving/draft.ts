import { toMs } from '@larder/core'
import type { OriginHead, SentHead } from '../contracts/handler'
import { credentialFields, defaults, type HttpCacheOptions } from '../contracts/options'
import type { RuleResponse } from '../contracts/route-rule'
import { type Fields, fieldValue } from '../fields/fields'
import { selectorsOf, varyNames } from '../fields/vary'
import type { ExchangeTimes } from '../policy/freshness'
import { isShareable, reasonNotStorable } from '../policy/storability'
import { ageOf, createStoredResponse, hasValidator, type StoredResponse } from '../policy/stored-response'
import { parseTerms, type ResponseHead } from '../policy/terms'
import type { Exchange } from './exchange'
import type { RecordedHints } from './response-hints'

/** A response that will be stored once its body is complete. */
export interface Draft {
  /** Without body and tags. */
  readonly stored: StoredResponse
  /** How long the entry is kept, in ms. */
  readonly keepFor: number
  /** Fields to add to the handler's, unless layers in front of the cache have set their own. */
  readonly added: Fields
}

/** A response that will not be stored, and why. */
export interface Rejection {
  readonly reasonNotStorable: string
}

/** Settings of the whole cache that decide on storing. Durations in ms. */
export interface DraftSettings {
  readonly targets: readonly string[]
  readonly heuristic: number
  readonly keepStale: number
  /** Names of request fields that say who sends a request. */
  readonly credentials: ReadonlySet<string>
}

/** @throws LarderError `BAD_DURATION` for a malformed `keepStale`. */
export function resolveDraftSettings(options: HttpCacheOptions<never>): DraftSettings {
  return {
    targets: (options.targets ?? defaults.targets).map((name) => name.toLowerCase()),
    heuristic: options.heuristic ?? defaults.heuristic,
    keepStale: toMs(options.keepStale ?? defaults.keepStale, 'keepStale'),
    credentials: new Set(credentialFields(options)),
  }
}

/**
 * Decides from status and fields, before the body has arrived, whether a response is stored and how long it is kept.
 */
export function draftResponse(
  exchange: Exchange,
  head: OriginHead & Pick<SentHead, 'body'>,
  times: ExchangeTimes,
  hints: Pick<RecordedHints, 'chosenTtl' | 'isSkipped'>,
  settings: DraftSettings,
): Draft | Rejection {
  const { rule, request, requestDirectives } = exchange
  const { scope } = rule
  const terms = parseTerms(head, settings.targets)
  const ttl = rule.statuses.has(head.status) ? rule.ttl?.(toRuleResponse(head)) : undefined
  if (hints.isSkipped) return { reasonNotStorable: 'skipped' }
  if (knownSize(head) > rule.maxBodySize) return { reasonNotStorable: 'too large' }
  const reason = reasonNotStorable(head, terms, {
    scope,
    requestDirectives,
    hasCredentials: exchange.hasCredentials,
    isExplicitlyPublic: rule.isExplicitlyPublic,
    hasDeclaredFreshness: hints.chosenTtl !== undefined || (ttl !== undefined && ttl > 0),
    allowsSetCookie: rule.allowSetCookie,
    allowsHeuristic: settings.heuristic > 0,
  })
  if (reason !== undefined) return { reasonNotStorable: reason }
  const selecting = new Set([...(varyNames(fieldValue(head.fields, 'vary')) ?? []), ...rule.vary])
  const selectors = selectorsOf([...selecting].sort(), request.headers, settings.credentials)
  if (selectors === undefined) return { reasonNotStorable: 'selected by a credential, without a digest' }
  const stored = createStoredResponse({
    head,
    terms,
    times,
    freshness: { scope, ttl, heuristic: settings.heuristic },
    staleWindows: rule,
    ttl: hints.chosenTtl,
    isShareable: scope === 'private' || isShareable(terms, rule),
    body: emptyBody,
    tags: [],
    selectors,
  })
  const keepFor = usefulTime(stored, settings.keepStale)
  if (keepFor <= 0) return { reasonNotStorable: 'stale already' }
  return { stored, keepFor, added: addedFields(exchange, stored) }
}

/** Whether a response could be stored, as far as its head tells. */
export function canBeStored(
  exchange: Exchange,
  head: OriginHead,
  now: number,
  settings: DraftSettings,
): boolean {
  const statesFreshness = ['cache-control', 'expires', 'last-modified', ...settings.targets].some(
    (name) => fieldValue(head.fields, name) !== undefined,
  )
  if (exchange.rule.ttl === undefined && !statesFreshness) return false
  const times = { requestTime: now, responseTime: now }
  const hints = { chosenTtl: undefined, isSkipped: false }
  try {
    return !('reasonNotStorable' in draftResponse(exchange, head, times, hints, settings))
  } catch {
    return false
  }
}

/** In bytes, as far as the head tells. */
function knownSize({ body, fields }: OriginHead & Pick<SentHead, 'body'>): number {
  return body?.length ?? Number(fieldValue(fields, 'content-length') ?? 0)
}

const emptyBody = new Uint8Array()

function toRuleResponse({ status, fields }: ResponseHead): RuleResponse {
  return { status, headers: { get: (name) => fieldValue(fields, name.toLowerCase()) ?? null } }
}

/** Remaining freshness plus the longest time after it in which the response can be served stale or validated, in ms. */
export function usefulTime(stored: StoredResponse, keepStale: number): number {
  const fresh = Math.max(0, stored.lifetime - ageOf(stored, stored.responseTime))
  const staleWindow = stored.allowsStale ? Math.max(stored.staleWhileRevalidate, stored.staleIfError) : 0
  return fresh + Math.max(staleWindow, hasValidator(stored) ? keepStale : 0)
}

/**
 * Caching fields for clients and CDNs, unless the response has its own. Caches outside do not learn of invalidations, so
 * browsers must validate each time (`no-cache`), which the entity tag makes cheap, or keep it for the rule's `clientTtl`.
 * A CDN gets the rule's `cdnTtl`. Caches that keep the response for one of these learn from `Vary` what it depends on.
 */
function addedFields({ rule }: Exchange, { fields }: ResponseHead): Fields {
  const hasClientTerms = ['cache-control', 'expires'].some((name) => fieldValue(fields, name) !== undefined)
  const clientTerms = rule.clientTtl === undefined ? 'no-cache' : maxAgeOf(rule.clientTtl)
  const cacheControl = rule.scope === 'private' ? `private, ${clientTerms}` : clientTerms
  const isKeptOutside = rule.clientTtl !== undefined || rule.cdnTtl !== undefined
  const hasCdnTerms = fieldValue(fields, 'cdn-cache-control') !== undefined || rule.scope === 'private'
  return [
    ...(hasClientTerms ? [] : [['cache-control', cacheControl] as const]),
    ...(rule.cdnTtl === undefined || hasCdnTerms
      ? []
      : [['cdn-cache-control', maxAgeOf(rule.cdnTtl)] as const]),
    ...(isKeptOutside && rule.vary.length > 0 ? [['vary', rule.vary.join(', ')] as const] : []),
  ]
}

const maxAgeOf = (ms: number) => `max-age=${Math.floor(ms / 1_000)}`

import type { OriginResponse } from '../contracts/handler'
import type { Fields } from '../fields/fields'
import { fieldValue } from '../fields/fields'
import type { HttpCacheOptions, RuleResponse } from '../options'
import { defaults } from '../options'
import type { Times } from '../policy/freshness'
import { isShared, obstacle } from '../policy/storability'
import { ageOf, hasValidator, makeStored, type StoredResponse } from '../policy/stored-response'
import { type ResponseHead, termsOf } from '../policy/terms'
import { type Exchange, isPersonal } from './exchange'
import type { Remarks } from './larder'

/** A response that is going to be stored when its body has come, or the reason why not. */
export type Draft =
  | { readonly stored: StoredResponse; readonly keepFor: number; readonly added: Fields }
  | { readonly obstacle: string }

/** Decides by status and fields alone whether a response is stored, and how long it is kept. */
export function draftOf(
  exchange: Exchange,
  head: ResponseHead,
  times: Times,
  remarks: Pick<Remarks, 'saidTtl' | 'isSkipped'>,
  settings: DraftSettings,
): Draft {
  const { rule, request, asked } = exchange
  const { scope } = rule
  const terms = termsOf(head, settings.targets)
  const ttl = rule.statuses.has(head.status) ? rule.ttl?.(viewOf(head)) : undefined
  const isDeclared = remarks.saidTtl !== undefined || (ttl !== undefined && ttl > 0)
  if (remarks.isSkipped) return { obstacle: 'skipped' }
  const hindrance = obstacle(head, terms, {
    scope,
    asked,
    isPersonal: isPersonal(request),
    isForEverybody: rule.isForEverybody,
    isDeclared,
    allowsSetCookie: rule.allowSetCookie,
    isHeuristic: settings.heuristic > 0,
  })
  if (hindrance !== undefined) return { obstacle: hindrance }
  const stored = makeStored({
    head,
    terms,
    times,
    assumed: { scope, ttl, heuristic: settings.heuristic },
    stale: rule,
    ttl: remarks.saidTtl,
    isForEverybody: scope === 'private' || isShared(terms, rule),
    body: nothing,
    tags: [],
    headers: request.headers,
    alsoVaries: rule.vary,
  })
  const keepFor = usefulFor(stored, settings.keepStale)
  return keepFor <= 0 ? { obstacle: 'stale already' } : { stored, keepFor, added: additions(exchange, head) }
}

/** Settings of the whole cache that decide about a response; durations in ms. */
export interface DraftSettings {
  readonly targets: readonly string[]
  readonly heuristic: number
  readonly keepStale: number
}

export const draftDefaults = (options: HttpCacheOptions<never>): Omit<DraftSettings, 'keepStale'> => ({
  targets: (options.targets ?? defaults.targets).map((name) => name.toLowerCase()),
  heuristic: options.heuristic ?? defaults.heuristic,
})

const nothing = new Uint8Array()

function viewOf({ status, fields }: Pick<OriginResponse, 'status' | 'fields'>): RuleResponse {
  return { status, headers: { get: (name) => fieldValue(fields, name.toLowerCase()) ?? null } }
}

/** While it is fresh, while it may be used though stale, and while the handler may say that it still holds. */
function usefulFor(stored: StoredResponse, keepStale: number): number {
  const fresh = Math.max(0, stored.lifetime - ageOf(stored, stored.responseTime))
  const windows = stored.mayBeStale ? Math.max(stored.staleWhileRevalidate, stored.staleIfError) : 0
  return fresh + Math.max(windows, hasValidator(stored) ? keepStale : 0)
}

/**
 * What clients and CDNs are told about a response whose freshness the application has declared. Nobody else hears of
 * invalidations, so others ask each time; the entity tag makes that cheap.
 */
function additions({ rule }: Exchange, { fields }: ResponseHead): Fields {
  const isSaid = ['cache-control', 'expires'].some((name) => fieldValue(fields, name) !== undefined)
  const cacheControl = rule.scope === 'private' ? 'private, no-cache' : 'no-cache'
  const isTold = fieldValue(fields, 'cdn-cache-control') !== undefined || rule.scope === 'private'
  return [
    ...(isSaid ? [] : [['cache-control', cacheControl] as const]),
    ...(rule.cdnTtl === undefined || isTold
      ? []
      : [['cdn-cache-control', `max-age=${Math.floor(rule.cdnTtl / 1_000)}`] as const]),
  ]
}

import { type Cache, createExpiringSet, systemClock } from '@larder/core'
import { checkOptions, checkPrivateRoutes } from './check-options'
import type { Answer, Handler } from './contracts/handler'
import { defaults, type HttpCacheOptions } from './contracts/options'
import type { HttpRequest } from './contracts/request'
import type { RouteRule } from './contracts/route-rule'
import { encodeTags } from './fields/tag-field'
import { isSafeMethod } from './policy/invalidation'
import { ruleOptionNames } from './routes/resolve-rule'
import { createRouteTable } from './routes/route-table'
import { resolveDraftSettings } from './serving/draft'
import type { Exchange } from './serving/exchange'
import { createLookup } from './serving/lookup'
import { createRequestParser, isCacheableRequest } from './serving/parse-request'
import { createResponder } from './serving/respond'
import { inertHints } from './serving/response-hints'
import { createResponseStorer } from './serving/store-response'
import type { FoundResponse } from './serving/suitability'
import { handleUnsafeMethod } from './serving/unsafe-method'
import { createKeyBudget } from './storage/key-budget'
import { openResponses } from './storage/open-responses'
import { createWarner } from './warner'

/** A shared cache of HTTP responses in front of handlers, by RFC 9111, with rules of the application in addition. */
export interface HttpCache<S = unknown> {
  /**
   * Answers a request from the store or by running the handler. Rejects with the handler's exception only: a failure of
   * the store costs a run of the handler.
   */
  handle(request: HttpRequest<S>, handler: Handler): Promise<Answer>
  /** Stops calling `purge`. The cache itself stays open. */
  close(): void
}

const fromHandler: Answer = { from: 'handler' }

/** The answer to `only-if-cached` without a suitable stored response (RFC 9111 §5.2.1.7). */
const gatewayTimeout: Answer = {
  from: 'store',
  status: 504,
  fields: { 'content-type': 'text/plain' },
  body: new TextEncoder().encode('Not in the cache.\n'),
}

/** The most resources that are remembered as "hit-for-miss"; beyond it the oldest is forgotten. */
const maxHitForMiss = 10_000

/**
 * Makes a cache of responses. Applications use an integration instead, such as the `httpCache` of `@larder/express`.
 *
 * @example
 * ```ts
 * const responses = httpCache<Request>({ cache, routes: { '/jobs/:id': { ttl: '1m' } } })
 * const answer = await responses.handle(fromWebRequest(request), handler)
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export function httpCache<S = unknown>(options: HttpCacheOptions<S>): HttpCache<S> {
  const { cache, budget, parseRequest, lookup, respond } = assembleParts(options)
  const stopPurging = startPurging(cache, options.purge)

  async function passThrough(handler: Handler): Promise<Answer> {
    await handler.passThrough(inertHints(cache))
    return fromHandler
  }

  function respondWith(exchange: Exchange, found: FoundResponse): Answer {
    const needsRefresh = found.suitability === 'stale-while-revalidate' && !found.isOwnRun
    if (needsRefresh) lookup.refresh(exchange, found.key)
    budget.touch(exchange.route, exchange.primaryKey, found.key)
    return respond(found.stored, exchange.request, found.foundAt, found.status)
  }

  /** For requests whose response is not stored, but may come from the store. */
  async function respondFromStore(exchange: Exchange): Promise<Answer | undefined> {
    const found = await lookup.findStored(exchange)
    return found && respondWith(exchange, found)
  }

  return {
    async handle(request, handler) {
      const exchange = parseRequest(request, handler)
      if (exchange === undefined) return passThrough(handler)
      const { method, headers } = request
      if (!isSafeMethod(method)) {
        await handleUnsafeMethod(cache, exchange)
        return fromHandler
      }
      const { requestDirectives } = exchange
      if (!isCacheableRequest(exchange.request)) return passThrough(handler)
      if (requestDirectives.has('only-if-cached')) return (await respondFromStore(exchange)) ?? gatewayTimeout
      if (method === 'HEAD' || headers.get('range') !== null || requestDirectives.has('no-store'))
        return (await respondFromStore(exchange)) ?? passThrough(handler)
      const found = await lookup.findOrLoad(exchange)
      if (found === 'delivered') return fromHandler
      return found === undefined ? passThrough(handler) : respondWith(exchange, found)
    },
    close: stopPurging,
  }
}

/** Checks the options and assembles the parts of a cache from them. */
function assembleParts<S>(options: HttpCacheOptions<S>) {
  checkOptions(options)
  const { cache } = options
  const name = options.cacheStatus ?? defaults.cacheStatus
  const clock = options.clock ?? systemClock
  const now = () => clock.now()
  const warn = createWarner(cache, { monotonic: now })
  const routes = createRouteTable((options.routes ?? {}) as never, sharedRule(options), warn)
  checkPrivateRoutes(routes.rules, options.user)
  const hitForMiss = createExpiringSet({ monotonic: now }, maxHitForMiss)
  const responses = openResponses(cache)
  const budget = createKeyBudget({
    maxKeys: options.maxKeys ?? defaults.maxKeys,
    maxVariants: options.maxVariants ?? defaults.maxVariants,
    evict: (key) => void responses.delete(key).catch(() => undefined),
  })
  const storeResponse = createResponseStorer({
    cache,
    settings: resolveDraftSettings(options as HttpCacheOptions<never>),
    tagField: options.tagField,
    budget,
    hitForMiss,
    name,
    now,
  })
  return {
    cache,
    budget,
    parseRequest: createRequestParser(routes, options, warn),
    lookup: createLookup({ responses, storeResponse, hitForMiss, now }),
    respond: createResponder(name),
  }
}

/** The options that are defaults for every route. */
function sharedRule<S>(options: HttpCacheOptions<S>): RouteRule {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => ruleOptionNames.includes(name)),
  ) as RouteRule
}

/** Calls `purge` with the tags of each invalidation in this process. Returns a function that stops it. */
function startPurging(cache: Cache, purge: HttpCacheOptions['purge']): () => void {
  if (purge === undefined) return () => undefined
  return cache.on('invalidate', async ({ scope, names }) => {
    if (scope !== 'tag') return
    try {
      await purge(encodeTags(names))
    } catch (error) {
      // Each time: the CDN keeps these responses until its own time is over.
      const reason = error instanceof Error ? error.message : 'unknown reason'
      cache.warn(`httpCache: purge failed for ${names.length} tags, beginning with "${names[0]}": ${reason}`)
    }
  })
}

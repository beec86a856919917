import { type Cache, type Invalidated, systemClock, toMs } from '@larder/core'
import { checkCacheOptions, checkPrivateRoutes } from './check-options'
import type { Answer, Handler, ResponseHints } from './contracts/handler'
import { defaults, type HttpCacheOptions } from './contracts/options'
import type { HttpRequest } from './contracts/request'
import type { RouteRule } from './contracts/route-rule'
import { cacheStatusField } from './fields/cache-status'
import type { Fields } from './fields/fields'
import { isSafeMethod } from './policy/invalidation'
import { ruleOptionTable } from './routes/resolve-rule'
import { createRouteTable } from './routes/route-table'
import { createBypassFinder, type RequestSummary } from './serving/bypass-finder'
import { canBeStored, resolveDraftSettings, usefulTime } from './serving/draft'
import type { Exchange } from './serving/exchange'
import { createHitForMiss } from './serving/hit-for-miss'
import { invalidateUser } from './serving/invalidate-user'
import { createLookup } from './serving/lookup'
import { createRequestParser, isCacheableRequest, isOnlyServed } from './serving/parse-request'
import { createResponder } from './serving/respond'
import { inertHints } from './serving/response-hints'
import { timeResponses } from './serving/server-timing'
import { createResponseStorer } from './serving/store-response'
import type { FoundResponse } from './serving/suitability'
import { handleUnsafeMethod } from './serving/unsafe-method'
import { purgedNames } from './storage/cdn-tags'
import { countByRoute } from './storage/count-by-route'
import { createKeyBudget } from './storage/key-budget'
import { hasEnded, openResponses } from './storage/open-responses'
import { createWarner } from './warner'

/** A shared cache of HTTP responses in front of handlers, by RFC 9111, with rules of the application in addition. */
export interface HttpCache<S = unknown> {
  /**
   * Answers a request from the store or by running the handler: at once, if nothing has to be awaited before that. Never
   * rejects: a failure of the store costs a run of the handler, and the handler's exceptions are the integration's.
   */
  handle(request: HttpRequest<S>, handler: Handler): Answer | Promise<Answer>
  /**
   * The hints for the handler of a request that the cache has no part in: its route is excluded, or nothing of the route
   * is stored and its last hundred responses could not be. An integration runs the handler then, and makes no further
   * call. Undefined for every other request, which goes to `handle`. Costs little, so that it can be asked first.
   */
  findBypass(request: RequestSummary): ResponseHints | undefined
  /**
   * Invalidates the responses stored for one user on all private routes, in every process. `id` is what the option `user`
   * returns for this user. Responses to data that the user shares with others are ended by the tags of that data.
   */
  invalidateUser(id: string | number): Promise<Invalidated>
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

/**
 * Makes a cache of responses. Applications use an integration instead, such as the `httpCache` of `@larder/express`.
 *
 * @example
 * ```ts
 * const responses = httpCache<Request>({ cache, routes: { '/jobs/:id': { ttl: '1m' } } })
 * const response = await serveWeb(responses, { request, source: request, exposeHints, next: handleRequest })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export function httpCache<S = unknown>(options: HttpCacheOptions<S>): HttpCache<S> {
  const parts = assembleParts(options)
  const { cache, warn, routes, budget, parseRequest, lookup, respond, hitForMiss, bypassStatus, settings } =
    parts
  const stopPurging = startPurging(cache, options.purge)
  const inert = inertHints(cache)
  const { bypass, runUncopied } = createUncachedRuns(parts, inert)

  function respondWith(exchange: Exchange, found: FoundResponse): Answer {
    const needsRefresh = found.suitability === 'stale-while-revalidate' && !found.isOwnRun
    if (needsRefresh) lookup.refresh(exchange, found.key)
    budget.touch(exchange.route, found.key)
    return respond(found.stored, exchange, found.foundAt, found.status)
  }

  /** For requests whose response is not stored, but may come from the store. */
  async function respondFromStore(exchange: Exchange): Promise<Answer | undefined> {
    const found = lookup.findLocal(exchange) ?? (await lookup.findStored(exchange))
    return found && respondWith(exchange, found)
  }

  async function findOrRun(exchange: Exchange): Promise<Answer> {
    const found = await lookup.findOrLoad(exchange)
    if (found === 'delivered') return fromHandler
    if (found === undefined) return bypass(exchange.handler, 'not-shared')
    // It may come from another process.
    const { stored } = found
    hitForMiss.recordStored(exchange.route, stored.responseTime + usefulTime(stored, settings.keepStale))
    return respondWith(exchange, found)
  }

  function handleCacheable(exchange: Exchange): Answer | Promise<Answer> {
    const { requestDirectives, handler } = exchange
    if (requestDirectives.has('only-if-cached'))
      return respondFromStore(exchange).then((answer) => answer ?? gatewayTimeout)
    if (isOnlyServed(exchange))
      return respondFromStore(exchange).then((answer) => answer ?? bypass(handler, 'request'))
    const found = lookup.findLocal(exchange)
    if (found !== undefined) return respondWith(exchange, found)
    const isWorthLoading = hitForMiss.expectsStoring(exchange) || lookup.isStored(exchange)
    return isWorthLoading ? findOrRun(exchange) : runUncopied(exchange)
  }

  function handle(request: HttpRequest<S>, handler: Handler): Answer | Promise<Answer> {
    const exchange = parseRequest(request, handler)
    if (exchange === undefined) return bypass(handler, 'excluded')
    if (!isSafeMethod(request.method)) {
      handleUnsafeMethod(cache, exchange, warn)
      return fromHandler
    }
    if (!isCacheableRequest(exchange)) return bypass(handler, 'request')
    return handleCacheable(exchange)
  }

  const addsToAll = bypassStatus('excluded').length > 0 || options.serverTiming === true
  return {
    findBypass: addsToAll ? () => undefined : createBypassFinder({ routes, hitForMiss, hints: inert }),
    handle: options.serverTiming ? timeResponses(handle) : handle,
    invalidateUser: (id) => invalidateUser(cache, id),
    close: stopPurging,
  }
}

/** Runs of the handler whose responses are not stored. */
function createUncachedRuns(
  {
    bypassStatus,
    hitForMiss,
    settings,
    now,
  }: Pick<ReturnType<typeof assembleParts>, 'bypassStatus' | 'hitForMiss' | 'settings' | 'now'>,
  inert: ResponseHints,
) {
  /** Bypasses the cache. `detail` is a token that says why (RFC 9211 §2.8). */
  function bypass(handler: Handler, detail: string): Answer {
    const status = bypassStatus(detail)
    handler.passThrough(inert, status.length === 0 ? undefined : () => status)
    return fromHandler
  }

  /** Runs the handler without a copy, but notices if its response could have been stored. */
  function runUncopied(exchange: Exchange): Answer {
    const status = bypassStatus('not-storable')
    exchange.handler.passThrough(inert, (head) => {
      hitForMiss.recordOutcome(exchange, canBeStored(exchange, head, now(), settings))
      return status
    })
    return fromHandler
  }

  return { bypass, runUncopied }
}

/** Checks the options and assembles the parts of a cache from them. */
function assembleParts<S>(options: HttpCacheOptions<S>) {
  checkCacheOptions(options)
  const { cache, tagField } = options
  const { name, bypassStatus } = resolveCacheStatus(options.cacheStatus)
  const clock = options.clock ?? systemClock
  const now = () => clock.now()
  const warn = createWarner(cache, { monotonic: now })
  const routes = createRouteTable((options.routes ?? {}) as never, sharedRule(options), warn)
  checkPrivateRoutes(routes.rules, options.user)
  const hitForMiss = createHitForMiss(now)
  const settings = resolveDraftSettings(options as HttpCacheOptions<never>)
  const responses = openResponses(cache)
  const budget = createKeyBudget({
    maxKeys: options.maxKeys ?? defaults.maxKeys,
    maxVariants: options.maxVariants ?? defaults.maxVariants,
    evict: (key) => void responses.delete(key).catch(() => undefined),
    hasEnded: (key) => hasEnded(responses, key),
  })
  const storeResponse = createResponseStorer({
    cache,
    settings,
    tagField,
    budget,
    hitForMiss,
    name,
    bypassStatus,
    warn,
    now,
  })
  const collapseTimeout = toMs(options.collapseTimeout ?? defaults.collapseTimeout, 'collapseTimeout')
  return {
    cache,
    warn,
    routes,
    budget,
    settings,
    hitForMiss,
    bypassStatus,
    now,
    parseRequest: createRequestParser(routes, countByRoute(responses), options, warn),
    lookup: createLookup({
      responses,
      storeResponse,
      hitForMiss,
      credentials: settings.credentials,
      collapseTimeout,
      leads: new Map(),
      now,
    }),
    respond: createResponder(name),
  }
}

/** The name of the cache in `Cache-Status`, and the field for requests that bypass it. */
function resolveCacheStatus(option: HttpCacheOptions['cacheStatus']) {
  const { name = defaults.cacheStatus, bypass = false } =
    typeof option === 'object' ? option : { name: option }
  const bypassStatus = (detail: string): Fields =>
    bypass ? cacheStatusField(name, { forward: 'bypass', detail }) : []
  return { name, bypassStatus }
}

/** The options that are defaults for every route. */
function sharedRule<S>(options: HttpCacheOptions<S>): RouteRule {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => Object.hasOwn(ruleOptionTable, name)),
  ) as RouteRule
}

/** Calls `purge` with the tags of each invalidation in this process. Returns a function that stops it. */
function startPurging(cache: Cache, purge: HttpCacheOptions['purge']): () => void {
  if (purge === undefined) return () => undefined
  return cache.on('invalidate', async ({ scope, names }) => {
    const purged = scope === 'tag' ? purgedNames(names) : []
    if (purged.length === 0) return
    try {
      await purge(purged)
    } catch (error) {
      // Each time: the CDN keeps these responses until its own time is over.
      const reason = error instanceof Error ? error.message : 'unknown reason'
      cache.warn(`httpCache: purge failed for ${names.length} tags, beginning with "${names[0]}": ${reason}`)
    }
  })
}

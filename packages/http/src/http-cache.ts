import { type Cache, LarderError, systemClock, toMs } from '@larder/core'
import type { Answer, Handler } from './contracts/handler'
import type { HttpRequest } from './contracts/request'
import { cacheStatus, isToken } from './fields/cache-status'
import { parseDirectives } from './fields/directives'
import { tagNames } from './fields/tag-field'
import { defaults, type HttpCacheOptions, type RouteRule, type RuleRequest } from './options'
import { isSafe } from './policy/invalidation'
import { useOf } from './policy/reuse'
import { ageOf, type StoredResponse } from './policy/stored-response'
import { createRoutes } from './routes/routes'
import { ruleOptions } from './routes/rule'
import { answerWith } from './serving/answering'
import { createChanging } from './serving/changing'
import { draftDefaults } from './serving/draft'
import type { Exchange, ResponseCache } from './serving/exchange'
import { createFilling } from './serving/filling'
import { larderForNothing } from './serving/larder'
import { createLookup } from './serving/lookup'
import { normalisedHost, pathOf, primaryKey } from './storage/key'
import { createKeyBudget } from './storage/key-budget'
import { createPasses } from './storage/passes'

/** A cache of HTTP responses in front of handlers: a shared cache by RFC 9111, with rules of the application's own. */
export interface HttpCache<S = unknown> {
  /** Answers from the store, or by the handler. Rejects with what the handler throws, and with nothing else. */
  handle(request: HttpRequest<S>, handler: Handler): Promise<Answer>
  /** Stops telling `purge` of invalidations. The cache itself stays open. */
  close(): void
}

/** Requests that ask for another method than they say: what they get is no answer to a GET. */
const methodOverrides = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Preconditions that only the handler can judge. */
const forHandlerOnly = ['if-match', 'if-unmodified-since']

/**
 * Makes a cache of responses. The integrations for Express, Fastify and Hono call it for you.
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for options that cannot be meant.
 */
export function httpCache<S = unknown>(options: HttpCacheOptions<S>): HttpCache<S> {
  checkOptions(options)
  const { cache, user, hosts, routes: table = {}, ...rest } = options
  const clock = options.clock ?? systemClock
  const now = () => clock.now()
  const shared = Object.fromEntries(
    Object.entries(rest).filter(([name]) => ruleOptions.includes(name)),
  ) as RouteRule
  const routes = createRoutes(table as never, shared)
  checkUsers(routes.rules, user)
  const name = options.cacheStatus ?? defaults.cacheStatus
  const knownHosts = hosts && new Set(hosts.map((host) => host.toLowerCase()))
  const passes = createPasses(now)
  const responses = cache.namespace('http') as unknown as ResponseCache
  const fill = createFilling({
    cache,
    settings: {
      ...draftDefaults(options as HttpCacheOptions<never>),
      keepStale: toMs(options.keepStale ?? defaults.keepStale, 'keepStale'),
    },
    tagField: options.tagField,
    budget: createKeyBudget({
      maxKeys: options.maxKeys ?? defaults.maxKeys,
      maxVariants: options.maxVariants ?? defaults.maxVariants,
    }),
    passes,
    name,
    now,
  })
  const lookup = createLookup({ responses, fill, passes, now })
  const change = createChanging(cache)
  const stopPurging = followPurges(cache, options.purge)
  const maxTargetLength = options.maxTargetLength ?? defaults.maxTargetLength

  function exchangeOf(request: HttpRequest<S>, handler: Handler): Exchange | undefined {
    const { route, rule, params } = routes.match(request.method, pathOf(request.target))
    if (rule === undefined || request.target.length > maxTargetLength) return undefined
    const host = normalisedHost(request.host, request.scheme)
    if (knownHosts !== undefined && !knownHosts.has(host)) return undefined
    const who = rule.scope === 'private' ? user?.(request.source) : undefined
    if (
      rule.scope === 'private' &&
      (who === undefined || who === null || who === '') &&
      isSafe(request.method)
    )
      return undefined
    const origin = `${request.scheme}://${host}`
    const full = withParts(request, params)
    return {
      request: full,
      handler,
      rule,
      route,
      origin,
      primary: primaryKey(full, rule, origin, who ?? undefined),
      asked: parseDirectives(
        request.headers.get('cache-control') ?? request.headers.get('pragma') ?? undefined,
      ),
    }
  }

  function answer(
    exchange: Exchange,
    stored: StoredResponse,
    how: Parameters<typeof cacheStatus>[1],
  ): Answer {
    const at = now()
    const ttl = stored.lifetime - ageOf(stored, at)
    return answerWith(stored, exchange.request, at, cacheStatus(name, { ttl, ...how }))
  }

  async function passBy(handler: Handler): Promise<Answer> {
    await handler.pass(larderForNothing(cache))
    return { from: 'handler' }
  }

  /** For requests whose answers are not stored, but may come from the store. */
  async function look(exchange: Exchange): Promise<Answer | undefined> {
    const found = await lookup.glance(exchange)
    if (found === undefined) return undefined
    const use = useOf(found.stored, exchange.asked, now(), exchange.rule.allowRefresh)
    if (use === 'refused') return undefined
    if (use === 'stale') lookup.refresh(exchange, found.key)
    return answer(exchange, found.stored, { forward: undefined })
  }

  async function get(exchange: Exchange): Promise<Answer> {
    const found = await lookup.find(exchange)
    if (found === 'passed') return { from: 'handler' }
    if (found === undefined) return passBy(exchange.handler)
    const { stored, key, turn } = found
    const use = useOf(stored, exchange.asked, now(), exchange.rule.allowRefresh)
    if (use === 'stale' && turn.run === undefined) lookup.refresh(exchange, key)
    return answer(exchange, stored, { forward: turn.run === undefined ? undefined : 'stale' })
  }

  return {
    async handle(request, handler) {
      const exchange = exchangeOf(request, handler)
      if (exchange === undefined) return passBy(handler)
      const { method, headers } = request
      if (!isSafe(method)) {
        await change(exchange)
        return { from: 'handler' }
      }
      if (!isCacheable(exchange.request) || exchange.rule.cacheIf?.(exchange.request) === false)
        return passBy(handler)
      const onlyLooks = method === 'HEAD' || headers.get('range') !== null || exchange.asked.has('no-store')
      if (exchange.asked.has('only-if-cached')) return (await look(exchange)) ?? unavailable
      return onlyLooks ? ((await look(exchange)) ?? passBy(handler)) : get(exchange)
    },
    close: stopPurging,
  }
}

/** RFC 9111 §5.2.1.7. */
const unavailable: Answer = {
  from: 'store',
  status: 504,
  fields: [['content-type', 'text/plain']],
  body: new TextEncoder().encode('Not in the cache.\n'),
}

/** Whether the method and the fields of a request leave room for a cache. A GET with a body asks for what its URL does not say. */
function isCacheable({ method, headers }: RuleRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (headers.get('transfer-encoding') !== null) return false
  if ((headers.get('content-length') ?? '0') !== '0') return false
  return [...methodOverrides, ...forHandlerOnly].every((name) => headers.get(name) === null)
}

function withParts<S>(request: HttpRequest<S>, params: Readonly<Record<string, string>>): RuleRequest {
  const { method, scheme, host, target, headers, source } = request
  let query: URLSearchParams | undefined
  return {
    method,
    scheme,
    host,
    target,
    headers,
    source,
    params,
    get query() {
      query ??= new URLSearchParams(target.slice(pathOf(target).length + 1))
      return query
    },
  }
}

function followPurges(cache: Cache, purge: HttpCacheOptions['purge']): () => void {
  if (purge === undefined) return () => undefined
  return cache.on('invalidate', ({ scope, names }) => (scope === 'tag' ? purge(tagNames(names)) : undefined))
}

function checkUsers(rules: readonly { readonly scope: string }[], user: unknown): void {
  if (user !== undefined || rules.every(({ scope }) => scope !== 'private')) return
  throw new LarderError(
    'BAD_OPTION',
    'Private routes need to know who asks: httpCache({ user: (request) => request.user?.id, … }).',
  )
}

const optionNames = [
  ...([
    'cache',
    'routes',
    'user',
    'hosts',
    'heuristic',
    'targets',
    'keepStale',
    'maxKeys',
    'maxVariants',
  ] as const),
  ...(['maxTargetLength', 'cacheStatus', 'tagField', 'purge', 'clock'] as const),
] satisfies readonly (keyof HttpCacheOptions)[]

function checkOptions(options: HttpCacheOptions<never>): void {
  if (typeof options?.cache?.getOrCompute !== 'function')
    throw new LarderError('BAD_OPTION', 'httpCache needs a cache: httpCache({ cache: createCache({ … }) }).')
  const known: ReadonlySet<string> = new Set([...optionNames, ...ruleOptions])
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw new LarderError(
      'BAD_OPTION',
      `httpCache knows no option "${unknown}". There are: ${[...known].sort().join(', ')}.`,
    )
  const { cacheStatus: name, heuristic = 0 } = options
  if (typeof name === 'string' && !isToken(name))
    throw new LarderError('BAD_OPTION', `cacheStatus: "${name}" is no token. Write a name such as 'larder'.`)
  if (!(heuristic >= 0 && heuristic <= 1))
    throw new LarderError(
      'BAD_OPTION',
      `heuristic: ${heuristic} is not a share. Write a number from 0 to 1, such as 0.1.`,
    )
}

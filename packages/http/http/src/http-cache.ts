import { type Cache, LarderError, systemClock, toMs } from '@larder/core'
import type { Answer, Handler } from './contracts/handler'
import type { HttpRequest } from './contracts/request'
import { isToken } from './fields/cache-status'
import { tagNames } from './fields/tag-field'
import { defaults, type HttpCacheOptions, type RouteRule } from './options'
import { isSafe } from './policy/invalidation'
import { createRoutes } from './routes/routes'
import { ruleOptions } from './routes/rule'
import { createAnswering } from './serving/answering'
import { createArriving, isCacheable } from './serving/arriving'
import { createChanging } from './serving/changing'
import { draftDefaults } from './serving/draft'
import type { Exchange, ResponseCache } from './serving/exchange'
import { createFilling } from './serving/filling'
import { larderForNothing } from './serving/larder'
import { createLookup, type Found } from './serving/lookup'
import { createKeyBudget } from './storage/key-budget'
import { createPasses } from './storage/passes'

/** A cache of HTTP responses in front of handlers: a shared cache by RFC 9111, with rules of the application's own. */
export interface HttpCache<S = unknown> {
  /** Answers from the store, or by the handler. Rejects with what the handler throws, and with nothing else. */
  handle(request: HttpRequest<S>, handler: Handler): Promise<Answer>
  /** Stops telling `purge` of invalidations. The cache itself stays open. */
  close(): void
}

const byHandler: Answer = { from: 'handler' }

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
  const exchangeOf = createArriving({
    routes,
    user,
    hosts,
    maxTargetLength: options.maxTargetLength ?? defaults.maxTargetLength,
  })
  const answer = createAnswering(name)

  async function passBy(handler: Handler): Promise<Answer> {
    await handler.pass(larderForNothing(cache))
    return byHandler
  }

  /** For requests whose answers are not stored, but may come from the store. */
  async function look(exchange: Exchange): Promise<Answer | undefined> {
    const found = await lookup.glance(exchange)
    return found && answered(exchange, found)
  }

  function answered(exchange: Exchange, found: Found): Answer {
    if (found.fit === 'stale' && !found.isOwn) lookup.refresh(exchange, found.key)
    return answer(found.stored, exchange.request, found.at, found.course)
  }

  return {
    async handle(request, handler) {
      const exchange = exchangeOf(request, handler)
      if (exchange === undefined) return passBy(handler)
      const { method, headers } = request
      if (!isSafe(method)) {
        await change(exchange)
        return byHandler
      }
      if (!isCacheable(exchange.request) || exchange.rule.cacheIf?.(exchange.request) === false)
        return passBy(handler)
      if (exchange.asked.has('only-if-cached')) return (await look(exchange)) ?? unavailable
      if (method === 'HEAD' || headers.get('range') !== null || exchange.asked.has('no-store'))
        return (await look(exchange)) ?? passBy(handler)
      const found = await lookup.find(exchange)
      if (found === 'passed') return byHandler
      if (found === undefined) return passBy(handler)
      return answered(exchange, found)
    },
    close: stopPurging,
  }
}

/** RFC 9111 §5.2.1.7. */
const unavailable: Answer = {
  from: 'store',
  status: 504,
  fields: { 'content-type': 'text/plain' },
  body: new TextEncoder().encode('Not in the cache.\n'),
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

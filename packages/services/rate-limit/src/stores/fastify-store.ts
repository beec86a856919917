import { LarderError } from '@larder/core'
import type { RateLimiter } from '../rate-limiter'
import type { Verdict } from '../verdict'
import { type Hits, hitsAfter, hitsSoFar } from './hits-of'
import { rememberPolicies } from './remember-policies'

type Callback = (error: Error | null, result?: { current: number; ttl: number }) => void

/** The options of the plugin, or of one route. */
interface PluginOptions {
  readonly continueExceeding?: boolean
  readonly exponentialBackoff?: boolean
  readonly ban?: number
  readonly routeInfo?: { readonly method?: unknown; readonly url?: unknown }
}

/** The store that @fastify/rate-limit takes. */
interface FastifyStore {
  incr(key: string, callback: Callback, timeWindow: number, max: number): void
  read(key: string, callback: Callback, timeWindow: number, max: number): void
  /** The options are those of a route, which the types of Fastify do not know. */
  child(options: object): FastifyStore
}

/**
 * The store class for @fastify/rate-limit 11: `max` and `timeWindow` hold in any window, for each route that has its own. A
 * refused request counts if `continueExceeding` is set.
 *
 * @example
 * ```ts
 * await app.register(rateLimit, { max: 100, timeWindow: '1 minute', store: toFastifyStore(limiter) })
 * ```
 * @throws LarderError `BAD_OPTION` from the plugin for `exponentialBackoff` and `ban`, which count refused requests.
 */
export function toFastifyStore(limiter: RateLimiter): new (options: object) => FastifyStore {
  return class implements FastifyStore {
    readonly #store: FastifyStore

    constructor(options: PluginOptions) {
      this.#store = createStore(limiter, options, 'all')
    }
    incr(...call: Parameters<FastifyStore['incr']>): void {
      this.#store.incr(...call)
    }
    read(...call: Parameters<FastifyStore['read']>): void {
      this.#store.read(...call)
    }
    child(options: object): FastifyStore {
      return this.#store.child(options)
    }
  }
}

function createStore(limiter: RateLimiter, options: PluginOptions, route: string): FastifyStore {
  requireSupported(options)
  const policyOf = rememberPolicies({ name: 'fastify', countRefused: options.continueExceeding === true })

  const identify = (key: string, window: number, max: number) => ({
    identity: `${route}:${key}`,
    policies: [policyOf(window, max)],
  })
  return {
    incr(key, callback, window, max) {
      const verdict = limiter.consume(identify(key, window, max))
      reply(verdict, (decided) => hitsAfter(decided, max), callback)
    },
    read(key, callback, window, max) {
      const verdict = limiter.peek(identify(key, window, max))
      reply(verdict, (decided) => hitsSoFar(decided, max), callback)
    },
    child(routeOptions: PluginOptions) {
      const { method, url } = routeOptions.routeInfo ?? {}
      return createStore(limiter, routeOptions, `${method} ${url}`)
    },
  }
}

function reply(verdict: Promise<Verdict>, toHits: (verdict: Verdict) => Hits, callback: Callback): void {
  verdict.then(
    (decided) => {
      const { total, endIn } = toHits(decided)
      callback(null, { current: total, ttl: endIn })
    },
    (error) => callback(error),
  )
}

function requireSupported({ exponentialBackoff, ban = -1 }: PluginOptions): void {
  if (exponentialBackoff !== true && ban <= 0) return
  throw new LarderError(
    'BAD_OPTION',
    'toFastifyStore supports neither exponentialBackoff nor ban above 0. Write continueExceeding: true, or limiter.block.',
  )
}

import { LarderError } from '@larder/core'
import type { Policy } from '../policy'
import type { RateLimiter } from '../rate-limiter'
import { type Hits, hitsAfter, hitsSoFar } from './hits-of'

/** Options of {@link toRateLimitStore}. */
export interface RateLimitStoreOptions {
  /** Keeps the counts of several middlewares apart: letters, digits, `-` and `_`. */
  readonly name: string
}

/** The options of the middleware that a store learns of. */
interface MiddlewareOptions {
  readonly windowMs: number
  readonly limit: unknown
}

/** The store that express-rate-limit and hono-rate-limiter take. */
export interface RateLimitStore {
  readonly localKeys: false
  readonly prefix: string
  init(options: MiddlewareOptions): void
  increment(key: string): Promise<{ totalHits: number; resetTime: Date }>
  get(key: string): Promise<{ totalHits: number; resetTime: Date }>
  decrement(key: string): Promise<void>
  resetKey(key: string): Promise<void>
}

/**
 * A store for express-rate-limit 8 and hono-rate-limiter 0.5: the middleware's limit and window hold in any window, and a
 * refused request does not count.
 *
 * @example
 * ```ts
 * app.use(rateLimit({ limit: 100, windowMs: 60_000, store: toRateLimitStore(limiter, { name: 'api' }) }))
 * ```
 * @throws LarderError `BAD_OPTION` from `increment` if the middleware's limit is a function: write `limitRequests` with
 * policies of the identity instead.
 */
export function toRateLimitStore(limiter: RateLimiter, { name }: RateLimitStoreOptions): RateLimitStore {
  let policy: Policy | undefined

  function identify(key: string) {
    if (policy !== undefined) return { identity: `${name}:${key}`, policies: [policy] as const }
    throw new LarderError(
      'BAD_OPTION',
      'toRateLimitStore: limit must be a number. For limits that differ by user, write limitRequests with policies of the identity.',
    )
  }

  return {
    localKeys: false,
    prefix: name,
    init({ limit, windowMs }) {
      policy = typeof limit === 'number' ? { name, limit, window: windowMs } : undefined
    },
    async increment(key) {
      const identity = identify(key)
      return toInfo(hitsAfter(await limiter.consume(identity), identity.policies[0].limit))
    },
    async get(key) {
      const identity = identify(key)
      return toInfo(hitsSoFar(await limiter.peek(identity), identity.policies[0].limit))
    },
    decrement: async (key) => limiter.refund(identify(key)),
    resetKey: async (key) => limiter.reset(identify(key)),
  }
}

function toInfo({ total, endIn }: Hits) {
  return { totalHits: total, resetTime: new Date(Date.now() + endIn) }
}

import type { RateLimiter } from './rate-limiter'
import { hitsAfter } from './stores/hits-of'
import { rememberPolicies } from './stores/remember-policies'

/** The storage that @nestjs/throttler takes. */
export interface ThrottlerStorage {
  increment(
    key: string,
    ttl: number,
    limit: number,
    blockDuration: number,
    throttlerName: string,
  ): Promise<{
    totalHits: number
    timeToExpire: number
    isBlocked: boolean
    timeToBlockExpire: number
  }>
}

/**
 * A storage for @nestjs/throttler 6: the limits of the module and of `@Throttle` hold in any window. A `blockDuration` other
 * than the `ttl` blocks whoever exceeds the limit for that long.
 *
 * @example
 * ```ts
 * ThrottlerModule.forRoot({ throttlers: [{ ttl: 60_000, limit: 100 }], storage: toThrottlerStorage(limiter) })
 * ```
 */
export function toThrottlerStorage(limiter: RateLimiter): ThrottlerStorage {
  const policyOf = rememberPolicies({ name: 'nestjs' })
  return {
    async increment(key, ttl, limit, blockDuration, throttlerName) {
      const identity = { identity: `${throttlerName}:${key}`, policies: [policyOf(ttl, limit)] }
      const verdict = await limiter.consume(identity)
      const { total, endIn } = hitsAfter(verdict, limit)
      const isExceeded = verdict.policies.some(({ refused }) => refused)
      const blocks = isExceeded && blockDuration > 0 && blockDuration !== ttl
      if (blocks) await limiter.block(identity, blockDuration)
      return {
        totalHits: total,
        timeToExpire: toSeconds(endIn),
        isBlocked: !verdict.allowed,
        timeToBlockExpire: verdict.allowed ? 0 : toSeconds(blocks ? blockDuration : endIn),
      }
    },
  }
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}

import { systemClock } from '@larder/core'
import { createThrottledWarning, openGuardedConnection } from '@larder/redis/kit'
import { assembleLimiter } from './assemble-limiter'
import { createMemoryQuotas } from './quotas/memory-quotas'
import { createRedisQuotas } from './quotas/redis-quotas'
import type { RateLimiter } from './rate-limiter'
import {
  checkLimiterOptions,
  checkLocalOptions,
  type LocalLimiterOptions,
  type RateLimiterOptions,
} from './rate-limiter-options'

const defaultIdentities = 10_000

/**
 * Creates a limiter whose counts all processes share on Redis 7.0 or newer. While Redis answers, no window of a policy's
 * length, wherever it begins, holds more than its limit (`strict` and `log`), over all processes.
 *
 * @example
 * ```ts
 * const limiter = createRateLimiter({
 *   name: 'shop',
 *   url: 'redis://127.0.0.1:6379',
 *   policies: [{ name: 'per-minute', limit: 100, window: '1m' }],
 * })
 * const { allowed } = await limiter.consume('user:42')
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const policies = checkLimiterOptions('createRateLimiter', options)
  const {
    name,
    prefix = 'larder',
    clock,
    ifUnavailable = 'local',
    maxIdentities = defaultIdentities,
  } = options
  const { client, url, storeTimeout, circuitPause } = options
  const redis = openGuardedConnection({
    caller: 'createRateLimiter',
    client,
    url,
    storeTimeout,
    circuitPause,
    clock,
    onError: options.onError ?? createThrottledWarning(`Rate limiter "${name}"`, 'LARDER_LIMITS_AWAY'),
  })
  return assembleLimiter({
    name,
    given: options.policies,
    policies,
    shared: createRedisQuotas({ redis, prefix, name, clock }),
    local: createMemoryQuotas({ clock: clock ?? systemClock, maxIdentities }),
    ifUnavailable,
    readCircuit: () => redis.circuit,
    close: redis.close,
  })
}

/**
 * Creates a limiter that counts in this process only, by the same rules: for tests, and for an application that is one
 * process.
 *
 * @example
 * ```ts
 * const limiter = createLocalRateLimiter({ policies: [{ name: 'per-minute', limit: 100, window: '1m' }] })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function createLocalRateLimiter(options: LocalLimiterOptions): RateLimiter {
  const policies = checkLocalOptions('createLocalRateLimiter', options)
  const { clock = systemClock, maxIdentities = defaultIdentities } = options
  return assembleLimiter({
    name: 'local',
    given: options.policies,
    policies,
    shared: undefined,
    local: createMemoryQuotas({ clock, maxIdentities }),
    ifUnavailable: 'local',
    readCircuit: () => 'closed',
    close: () => undefined,
  })
}

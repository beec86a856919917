import type { Duration } from '@larder/core'
import { omitUndefined } from './omit-undefined'
import type { EnvPolicy } from './policies-kind'
import { type Environment, readVariables } from './read-variables'
import { fillCredentials } from './redis-url'
import { rateLimitVariables, sessionVariables } from './variables'

/** The options that all services on Redis have. */
interface ServiceEnvConfig {
  readonly url?: string
  readonly prefix?: string
  readonly name?: string
  readonly storeTimeout?: Duration
}

/** Options of `createSessions`. An option that no variable sets is absent. */
export interface SessionsEnvConfig extends ServiceEnvConfig {
  readonly idle?: Duration
  readonly absolute?: Duration
  readonly maxPerUser?: number
  readonly ifUnavailable?: 'deny' | 'anonymous'
}

/** Options of `createRateLimiter`. An option that no variable sets is absent. */
export interface RateLimiterEnvConfig extends ServiceEnvConfig {
  readonly policies?: readonly EnvPolicy[]
  readonly ifUnavailable?: 'local' | 'open' | 'closed'
}

/**
 * Reads the options of sessions from environment variables. Their server is that of `SESSION_REDIS_URL`, or of `REDIS_URL`.
 *
 * @example
 * ```ts
 * const sessions = createSessions({ name: 'shop', ...sessionsFromEnv() })
 * ```
 * @throws LarderError `BAD_OPTION` that lists every invalid variable with the expected text.
 */
export function sessionsFromEnv(env: Environment = process.env): SessionsEnvConfig {
  const values = readVariables(env, {
    variables: sessionVariables,
    prefix: 'SESSION_',
    namesElsewhere: { SESSION_TTL: 'SESSION_IDLE', SESSION_PREFIX: 'SESSION_REDIS_PREFIX' },
  })
  return omitUndefined({
    url: urlOf(values.SESSION_REDIS_URL, values),
    prefix: values.SESSION_REDIS_PREFIX,
    name: values.SESSION_NAME,
    storeTimeout: values.SESSION_STORE_TIMEOUT,
    idle: values.SESSION_IDLE,
    absolute: values.SESSION_ABSOLUTE,
    maxPerUser: values.SESSION_MAX_PER_USER,
    ifUnavailable: values.SESSION_IF_UNAVAILABLE,
  })
}

/**
 * Reads the options of a rate limiter from environment variables. Its server is that of `RATE_LIMIT_REDIS_URL`, or of
 * `REDIS_URL`.
 *
 * @example
 * ```ts
 * const policies = [{ name: 'per-minute', limit: 100, window: '1m' }]
 * const limiter = createRateLimiter({ name: 'shop', policies, ...rateLimiterFromEnv() })
 * ```
 * @throws LarderError `BAD_OPTION` that lists every invalid variable with the expected text.
 */
export function rateLimiterFromEnv(env: Environment = process.env): RateLimiterEnvConfig {
  const values = readVariables(env, {
    variables: rateLimitVariables,
    prefix: 'RATE_LIMIT_',
    namesElsewhere: {
      RATE_LIMIT_MAX: 'RATE_LIMIT_POLICIES',
      RATE_LIMIT_WINDOW: 'RATE_LIMIT_POLICIES',
      RATE_LIMIT_WINDOW_MS: 'RATE_LIMIT_POLICIES',
      RATE_LIMIT_PREFIX: 'RATE_LIMIT_REDIS_PREFIX',
    },
  })
  return omitUndefined({
    url: urlOf(values.RATE_LIMIT_REDIS_URL, values),
    prefix: values.RATE_LIMIT_REDIS_PREFIX,
    name: values.RATE_LIMIT_NAME,
    storeTimeout: values.RATE_LIMIT_STORE_TIMEOUT,
    policies: values.RATE_LIMIT_POLICIES,
    ifUnavailable: values.RATE_LIMIT_IF_UNAVAILABLE,
  })
}

interface ServerValues {
  readonly REDIS_URL?: string | undefined
  readonly REDIS_USERNAME?: string | undefined
  readonly REDIS_PASSWORD?: string | undefined
}

/** The server of a service. One of its own has its credentials in its URL. */
function urlOf(own: string | undefined, shared: ServerValues): string | undefined {
  if (own !== undefined) return own
  const { REDIS_URL: url, REDIS_USERNAME: username, REDIS_PASSWORD: password } = shared
  return url === undefined ? undefined : fillCredentials(url, username, password)
}

import { LarderError } from '@larder/core'
import { createRateLimiter } from '@larder/rate-limit'
import { createSessions } from '@larder/sessions'
import { describe, expect, test } from 'vitest'
import { type Environment, rateLimiterFromEnv, sessionsFromEnv } from '../src/index'

const servers: readonly (readonly [Environment, string])[] = [
  [{ REDIS_URL: 'redis://cache' }, 'redis://cache'],
  [{ REDIS_URL: 'redis://cache', REDIS_USERNAME: 'ann', REDIS_PASSWORD: 'a b' }, 'redis://ann:a%20b@cache'],
  [{ REDIS_URL: 'redis://cache', OWN_REDIS_URL: 'redis://own' }, 'redis://own'],
  [{ REDIS_PASSWORD: 'secret', OWN_REDIS_URL: 'redis://own' }, 'redis://own'],
]

describe.each([
  ['sessions', sessionsFromEnv, 'SESSION'],
  ['a rate limiter', rateLimiterFromEnv, 'RATE_LIMIT'],
] as const)('an environment of %s', (_, fromEnv, prefix) => {
  test('without variables gives no options, so that those before the spread stay', () => {
    expect(fromEnv({})).toEqual({})
  })

  test.each(servers)('names the server: %o', (env, url) => {
    const own = env.OWN_REDIS_URL
    const { OWN_REDIS_URL: _, ...shared } = env
    expect(fromEnv(own === undefined ? shared : { ...shared, [`${prefix}_REDIS_URL`]: own })).toEqual({ url })
  })

  test('that is wrong is one error with a line for each variable, without passwords', () => {
    const env = {
      [`${prefix}_REDIS_URL`]: 'http://:hunter2@redis',
      [`${prefix}_STORE_TIMEOUT`]: '100',
      [`${prefix}_IF_UNAVAILABLE`]: 'allow',
      [`${prefix}_NAMES`]: 'shop',
      [`${prefix}_PREFIX`]: 'acme',
      OTHER: 'variable',
    }
    expect(() => fromEnv(env)).toThrow(LarderError)
    expect(() => fromEnv(env)).toThrow('5 environment variables are invalid')
    expect(() => fromEnv(env)).toThrow(`${prefix}_NAMES is unknown. Write ${prefix}_NAME,`)
    expect(() => fromEnv(env)).toThrow(`${prefix}_PREFIX is unknown. Write ${prefix}_REDIS_PREFIX,`)
    expect(() => fromEnv(env)).not.toThrow('hunter2')
  })
})

test('each variable of sessions sets its option, which createSessions accepts', async () => {
  const options = sessionsFromEnv({
    SESSION_REDIS_PREFIX: 'acme',
    SESSION_NAME: 'shop',
    SESSION_IDLE: '1h',
    SESSION_ABSOLUTE: '7d',
    SESSION_MAX_PER_USER: '5',
    SESSION_IF_UNAVAILABLE: 'Anonymous',
    SESSION_STORE_TIMEOUT: '100ms',
  })
  expect(options).toEqual({
    prefix: 'acme',
    name: 'shop',
    idle: '1h',
    absolute: '7d',
    maxPerUser: 5,
    ifUnavailable: 'anonymous',
    storeTimeout: '100ms',
  })
  const url = 'redis://127.0.0.1:1'
  await createSessions({ name: 'other', url, onError: () => undefined, ...options }).close()
})

test('each variable of a rate limiter sets its option, which createRateLimiter accepts', async () => {
  const options = rateLimiterFromEnv({
    RATE_LIMIT_REDIS_PREFIX: 'acme',
    RATE_LIMIT_NAME: 'shop',
    RATE_LIMIT_POLICIES: 'per-minute=100/1m, per-day = 5000 / 1d',
    RATE_LIMIT_IF_UNAVAILABLE: 'closed',
    RATE_LIMIT_STORE_TIMEOUT: '100ms',
  })
  expect(options).toEqual({
    prefix: 'acme',
    name: 'shop',
    policies: [
      { name: 'per-minute', limit: 100, window: '1m' },
      { name: 'per-day', limit: 5_000, window: '1d' },
    ],
    ifUnavailable: 'closed',
    storeTimeout: '100ms',
  })
  const url = 'redis://127.0.0.1:1'
  await createRateLimiter({ name: 'other', url, policies: [], onError: () => undefined, ...options }).close()
})

test.each([
  'per-minute',
  '100/1m',
  'per-minute=0/1m',
  'per-minute=1.5/1m',
  'per-minute=100/60',
  'per-minute=100/0s',
  'per minute=100/1m',
  'a=1/1m,a=2/1h',
  'a=1/1m,',
])('RATE_LIMIT_POLICIES=%s is refused, and the message says what to write', (text) => {
  expect(() => rateLimiterFromEnv({ RATE_LIMIT_POLICIES: text })).toThrow('per-minute=100/1m,per-day=5000/1d')
})

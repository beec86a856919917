import { createCache, LarderError } from '@larder/core'
import { describe, expect, test } from 'vitest'
import { configFromEnv, type Environment } from '../src/index'
import { fillCredentials } from '../src/redis-url'

/** The lines of the error: one for each invalid variable. */
function problemsOf(env: Environment): string[] {
  try {
    configFromEnv(env)
  } catch (error) {
    expect(error).toBeInstanceOf(LarderError)
    expect((error as LarderError).code).toBe('BAD_OPTION')
    return (error as LarderError).message.split('\n').slice(1)
  }
  return []
}

/** The options of the configuration, without the store. */
function optionsOf(env: Environment): object {
  const { store: _, ...options } = configFromEnv(env)
  return options
}

/** The memory bounds of a cache with this configuration. */
async function usageOf(env: Environment) {
  await using cache = createCache({ name: 'test', ...configFromEnv(env) })
  return cache.stats().usage
}

describe('an environment', () => {
  test('without variables gives a memory store with default bounds, and no other options', async () => {
    expect(optionsOf({})).toEqual({})
    expect(await usageOf({})).toMatchObject({ maxEntries: 10_000, maxBytes: 64 * 1024 * 1024 })
  })

  test('sets the options of its variables', () => {
    const env = {
      CACHE_NAME: 'shop',
      CACHE_ENABLED: 'yes',
      CACHE_DEFAULT_TTL: '5m',
      CACHE_STALE_WHILE_REVALIDATE: '1500ms',
      CACHE_STALE_IF_ERROR: '1d',
      CACHE_MAX_STALENESS: '1s',
      CACHE_STORE_TIMEOUT: '100ms',
      CACHE_COMPRESSION_THRESHOLD: '2048',
    }
    expect(optionsOf(env)).toEqual({
      name: 'shop',
      enabled: true,
      ttl: '5m',
      staleWhileRevalidate: '1500ms',
      staleIfError: '1d',
      maxStaleness: '1s',
      storeTimeout: '100ms',
      compression: { threshold: 2_048 },
    })
  })

  test('keeps options before the spread that it does not set', () => {
    const options = { name: 'shop', ttl: '1h', ...configFromEnv({ CACHE_STORE_TIMEOUT: '1s' }) } as const
    expect(options).toMatchObject({ name: 'shop', ttl: '1h', storeTimeout: '1s' })
  })

  test('sets the bounds of the memory store', async () => {
    const usage = await usageOf({ CACHE_MAX_MEMORY_MB: '1.5', CACHE_MAX_ENTRIES: '7' })
    expect(usage).toMatchObject({ maxEntries: 7, maxBytes: 1.5 * 1024 * 1024 })
  })

  test.each(['true', 'TRUE', '1', 'Yes', 'on'])('is enabled with CACHE_ENABLED=%s', (word) => {
    expect(optionsOf({ CACHE_ENABLED: word })).toEqual({ enabled: true })
  })

  test.each(['false', 'False', '0', 'no', 'OFF'])('is disabled with CACHE_ENABLED=%s', (word) => {
    expect(optionsOf({ CACHE_ENABLED: word })).toEqual({ enabled: false })
  })

  test('disables compression, whatever the threshold is', () => {
    const env = { CACHE_ENABLE_COMPRESSION: 'false', CACHE_COMPRESSION_THRESHOLD: '10' }
    expect(optionsOf(env)).toEqual({ compression: false })
    expect(optionsOf({ CACHE_ENABLE_COMPRESSION: 'true' })).toEqual({})
  })

  test('treats an empty value as not set, and ignores whitespace around a value', () => {
    expect(optionsOf({ CACHE_DEFAULT_TTL: '', REDIS_URL: ' ', CACHE_ENABLE: '' })).toEqual({})
    expect(optionsOf({ CACHE_DEFAULT_TTL: ' 5m\r' })).toEqual({ ttl: '5m' })
  })

  test('is validated also if it disables the cache', () => {
    expect(problemsOf({ CACHE_ENABLED: 'false', REDIS_URL: 'localhost:6379' })).toHaveLength(1)
  })
})

describe('an invalid environment', () => {
  test.each([null, 'production', 5, []])('of %o, which is not one, is rejected', (env) => {
    expect(() => configFromEnv(env as never)).toThrow(
      /The environment must be an object of texts, such as process\.env; got /,
    )
  })

  test('is rejected with one error that has a line for each variable and says what to write', () => {
    const env = { CACHE_DEFAULT_TTL: '5 minutes', CACHE_ENABLED: 'maybe', CACHE_MAX_ENTRIES: '0' }
    expect(problemsOf(env)).toEqual([
      'CACHE_ENABLED is "maybe". Write true or false (1/0, yes/no and on/off will do).',
      `CACHE_DEFAULT_TTL is "5 minutes". Write a number with a unit ('250ms', '30s', '5m', '1h', '7d').`,
      'CACHE_MAX_ENTRIES is "0". Write a whole number from 1 to 16777216.',
    ])
  })

  test.each([
    ['CACHE_DEFAULT_TTL', '-1'],
    ['CACHE_DEFAULT_TTL', 'Infinity'],
    ['CACHE_DEFAULT_TTL', '9'.repeat(400)],
    ['CACHE_MAX_STALENESS', '0'],
    ['CACHE_STORE_TIMEOUT', '25d'],
    ['CACHE_MAX_MEMORY_MB', '67108864'],
    ['CACHE_MAX_MEMORY_MB', '64MB'],
    ['CACHE_MAX_MEMORY_MB', '0.0000001'],
    ['CACHE_MAX_ENTRIES', '1e3'],
    ['CACHE_MAX_ENTRIES', '99999999999'],
    ['CACHE_COMPRESSION_THRESHOLD', '1kb'],
    ['CACHE_NAME', 'half a pair: \ud800'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'redis://localhost:6379/first'],
    ['REDIS_URL', 'redis://localhost:99999'],
    ['REDIS_URL', 'localhost'],
    ['CACHE_DEFAULT_TTL', '300'],
    ['CACHE_STORE_TIMEOUT', '0.5'],
  ])('with %s=%s is rejected', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value })
    expect(problem).toMatch(new RegExp(`^${name} is ".*\\. Write .+\\.$`))
    expect(others).toEqual([])
  })

  test.each([
    ['300', "'300s' or '300ms'"],
    ['1.5', "'1.5s' or '1.5ms'"],
  ])(
    'with the bare number %s for a duration asks for its unit: seconds and milliseconds are both common',
    (text, hint) => {
      expect(problemsOf({ CACHE_DEFAULT_TTL: text })).toEqual([
        `CACHE_DEFAULT_TTL is "${text}". Write ${hint}.`,
      ])
      expect(problemsOf({ CACHE_STORE_TIMEOUT: text })).toEqual([
        `CACHE_STORE_TIMEOUT is "${text}". Write ${hint}.`,
      ])
    },
  )

  test.each(['CACHE_TTL', 'CACHE_TTL_DEFAULT'])('with %s, as other programs call it, is rejected', (name) => {
    expect(problemsOf({ [name]: '5m' })).toEqual([
      `${name} is unknown. Write CACHE_DEFAULT_TTL, or rename it if it belongs to another program.`,
    ])
  })

  test.each([
    ['CACHE_DISABLED', 'CACHE_ENABLED=false'],
    ['CACHE_REDIS_URL', 'REDIS_URL'],
  ])('with %s, which is not read, is rejected', (name, written) => {
    expect(problemsOf({ [name]: 'true' })).toEqual([
      `${name} is unknown. Write ${written}, or rename it if it belongs to another program.`,
    ])
  })

  test.each(['REDIS_HOST', 'REDIS_URI', 'REDIS_TLS_URL', 'REDIS_CONNECTION_STRING'])(
    'that names a server by %s alone is rejected: the cache would be in memory, and nothing would say so',
    (name) => {
      const [problem] = problemsOf({ [name]: 'secret.example' })
      expect(problem).toMatch(
        `${name} is not read, and the cache would be in memory. Set REDIS_URL to redis://`,
      )
      expect(problem).not.toContain('secret')
      expect(problemsOf({ [name]: 'secret.example', REDIS_URL: 'redis://127.0.0.1:6379' })).toEqual([])
      expect(problemsOf({ [name]: undefined })).toEqual([])
    },
  )

  test('has its values quoted on one line and shortened', () => {
    const [problem = '', ...others] = problemsOf({ CACHE_ENABLED: `a\nb${'c'.repeat(10_000)}` })
    expect(problem.length).toBeLessThan(200)
    expect(others).toEqual([])
  })

  test('is rejected for misspelt variables', () => {
    const env = { CACHE_DEFAULT_TLL: '5m', CACHE_ENABLE: 'false', CACHE_MAX_MEMORY: '64' }
    expect(problemsOf(env)).toEqual([
      'CACHE_DEFAULT_TLL is unknown. Write CACHE_DEFAULT_TTL, or rename it if it belongs to another program.',
      'CACHE_ENABLE is unknown. Write CACHE_ENABLED, or rename it if it belongs to another program.',
    ])
  })

  test('is not rejected for variables of other programs', () => {
    expect(problemsOf({ CACHE_CONTROL: 'no-store', CACHE_DIR: '/tmp', PATH: '/bin' })).toEqual([])
  })
})

describe('a password', () => {
  test.each([
    ['http://user:hunter2@redis.example:6379', '"http://***@redis.example:6379"'],
    ['redis://user:hunter2@redis.example:port', '"redis://***@***"'],
    ['redis//user:hunter2@redis.example', '"***@redis.example"'],
    ['redis://user:hunter2', '"redis://***"'],
    ['user:hunter2', '"***"'],
    ['redis://:hunter2@in@it@redis.example:6379/x', '"redis://***@redis.example:6379/x"'],
    ['http://redis.example?password=hunter2', '"http://redis.example"'],
    ['redis://user:100%hunter2@redis.example', '"redis://***@redis.example"'],
  ])('in %s is redacted', (url, shown) => {
    expect(problemsOf({ REDIS_URL: url })[0]).toMatch(`REDIS_URL is ${shown}. Write`)
  })

  test.each([
    ['REDIS_URL', 'hunter2'],
    ['REDIS_URL', 'p4ssw0rd:6379'],
    ['CACHE_DEFAULT_TTL', 'hunter2-is-my-password'],
    ['CACHE_ENABLED', 'dGhpcyBpcyBhIHNlY3JldA=='],
  ])('that is the whole value of %s is not shown', (name, value) => {
    const [problem] = problemsOf({ [name]: value })
    expect(problem).toContain(`${name} is "***". Write`)
  })

  test('is redacted in a URL that is assigned to the wrong variable', () => {
    const [problem] = problemsOf({ CACHE_DEFAULT_TTL: 'redis://user:hunter2@redis.example:6379' })
    expect(problem).toContain('is "redis://***@redis.example:6379"')
  })
})

describe('REDIS_USERNAME and REDIS_PASSWORD', () => {
  test.each([
    ['redis://host:6379/1', 'app', 'p@ss/word', 'redis://app:p%40ss%2Fword@host:6379/1'],
    ['redis://host', undefined, 'secret', 'redis://:secret@host'],
    ['redis://own:password@host', 'app', 'secret', 'redis://own:password@host'],
    ['redis://host', undefined, undefined, 'redis://host'],
  ])('fill %s if it has no credentials of its own', (url, username, password, filled) => {
    expect(fillCredentials(url, username, password)).toBe(filled)
  })

  test('alone configure nothing: they may belong to another client', async () => {
    expect(await usageOf({ REDIS_PASSWORD: 'secret' })).toMatchObject({ maxEntries: 10_000 })
  })
})

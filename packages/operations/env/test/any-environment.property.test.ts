import { createCache, LarderError } from '@larder/core'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { configFromEnv } from '../src/index'
import { cacheVariables } from '../src/variables'

const names = Object.keys(cacheVariables)

/** Text that is often nearly valid. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789.-+eE'), maxLength: 12 }),
  fc
    .tuple(fc.oneof(fc.nat(), fc.double()), fc.constantFrom('', 'ms', 's', 'm', 'h', 'd', ' m', 'MB'))
    .map(([number, unit]) => `${number}${unit}`),
  fc.constantFrom('true', 'OFF', 'yes', '0', 'null', 'undefined', 'NaN', 'Infinity', '__proto__'),
  fc
    .tuple(fc.constantFrom('redis://', 'rediss://', 'http://', ''), fc.webAuthority({ withUserInfo: true }))
    .map(([scheme, authority]) => scheme + authority),
)

const anyEnvironment = fc.dictionary(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...names) },
    fc.string().map((text) => `CACHE_${text}`),
  ),
  anyText,
)

test('any environment gives options that createCache accepts, or an error that names the variables', async () => {
  await fc.assert(
    fc.asyncProperty(anyEnvironment, async (env) => {
      try {
        // Disabled: opening the store would connect to each of these hosts.
        const config = configFromEnv(env)
        const cache = createCache({ name: 'test', ...config, enabled: false })
        await cache.close()
      } catch (error) {
        expect(error).toBeInstanceOf(LarderError)
        const { code, message } = error as LarderError
        expect(code).toBe('BAD_OPTION')
        const [, ...lines] = message.split('\n')
        expect(lines.length).toBeGreaterThan(0)
        for (const line of lines)
          expect(Object.keys(env).some((name) => line.startsWith(`${name} is`))).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

test('any environment that is accepted without REDIS_URL gives a working cache', async () => {
  await fc.assert(
    fc.asyncProperty(anyEnvironment, async ({ REDIS_URL: _, CACHE_MAX_ENTRIES: __, ...env }) => {
      let config: ReturnType<typeof configFromEnv>
      try {
        config = configFromEnv(env)
      } catch {
        return
      }
      await using cache = createCache({ name: 'test', ...config })
      expect(await cache.getOrCompute('key', () => 1)).toBe(1)
    }),
    { numRuns: 300 },
  )
})

test('any REDIS_URL that is accepted has a host for ioredis', () => {
  const url = fc
    .tuple(
      fc.constantFrom('redis://', 'rediss://', 'redis:', 'unix://'),
      fc.oneof(fc.webAuthority({ withUserInfo: true, withIPv6: true }), fc.string({ unit: 'binary' })),
      fc.oneof(fc.constantFrom('', '/', '/0', '/15', '/x'), fc.webPath()),
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(url, (text) => {
      try {
        configFromEnv({ REDIS_URL: text })
      } catch {
        return
      }
      const { host } = new Redis(text.trim(), { lazyConnect: true }).options
      expect(host).toMatch(/./)
    }),
    { numRuns: 500 },
  )
})

test('an error message never contains a password', () => {
  const secret = fc.string({ minLength: 6 }).map((text) => `s3cr3t${text}s3cr3t`)
  const host = fc.constantFrom('host', 'host:6379', 'host:port', '', 'ho st', 'host/db', '[::1]:1')
  const scheme = fc.constantFrom('redis://', 'http://', 'redis:/', 'redis//', '')
  fc.assert(
    fc.property(scheme, secret, host, fc.constantFrom(...names), (start, password, end, name) => {
      try {
        configFromEnv({ [name]: `${start}user:${password}@${end}` })
      } catch (error) {
        expect((error as Error).message).not.toContain('s3cr3t')
      }
    }),
    { numRuns: 500 },
  )
})

// needs: redis
import { createCache } from '@larder/core'
import { startRedis } from '@larder/servers'
import { expect, test } from 'vitest'
import { configFromEnv } from '../src/index'

test('an environment without REDIS_URL gives a memory cache with its ttl', async () => {
  await using cache = createCache({ name: 'shop', ...configFromEnv({ CACHE_DEFAULT_TTL: '1h' }) })
  await cache.set('key', { price: 3 })
  expect(await cache.get('key')).toEqual({ price: 3 })
  expect((await cache.explain('key')).freshFor).toBeGreaterThan(3_500_000)
})

test('CACHE_ENABLED=off gives a cache that stores nothing', async () => {
  await using cache = createCache({ name: 'shop', ...configFromEnv({ CACHE_ENABLED: 'off' }) })
  await cache.set('key', 1)
  expect(await cache.get('key')).toBeUndefined()
})

test('REDIS_URL gives memory before Redis, shared by all caches with the same URL', async () => {
  await using server = await startRedis()
  const env = { REDIS_URL: `${server.url}/0`, CACHE_NAME: 'shop', CACHE_REDIS_PREFIX: 'acme' }
  await using one = createCache({ name: 'unnamed', ...configFromEnv(env) })
  await using other = createCache({ name: 'unnamed', ...configFromEnv(env) })
  await one.set('key', 'value')
  expect(await other.get('key')).toBe('value')
  expect((await other.explain('key')).tier).toBe('memory')
  expect(await server.command('EXISTS', 'acme:shop:{k:key}')).toBe('1')
})

test('the environment sets the compression of entries in Redis', async () => {
  await using server = await startRedis()
  const storedLength = async (settings: Record<string, string>) => {
    const env = { REDIS_URL: server.url, ...settings }
    await using cache = createCache({ name: 'shop', ...configFromEnv(env) })
    await cache.set('key', 'a'.repeat(900))
    return Number(await server.command('STRLEN', 'larder:shop:{k:key}'))
  }
  expect(await storedLength({})).toBeGreaterThan(900)
  expect(await storedLength({ CACHE_COMPRESSION_THRESHOLD: '100' })).toBeLessThan(300)
  expect(
    await storedLength({ CACHE_COMPRESSION_THRESHOLD: '100', CACHE_ENABLE_COMPRESSION: 'false' }),
  ).toBeGreaterThan(900)
})

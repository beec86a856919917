// needs: redis
import { createRateLimiter } from '@larder/rate-limit'
import { provideRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDoctor } from './support/findings'
import { runLarder, runLarderJson } from './support/larder'

const redis = provideRedis(beforeAll, afterAll)

beforeAll(async () => {
  await using limiter = createRateLimiter({
    name: 'shop',
    url: redis.url,
    policies: [{ name: 'per-minute', limit: 100, window: '1m' }],
    storeTimeout: '20s',
  })
  await limiter.consume(['ann', 'bob'])
})

test('limits counts the identities of each policy, and those of one identity', async () => {
  const row = { policy: 'per-minute', algorithm: 'strict', window: '60000 ms' }
  expect(await runLarderJson(redis.url, 'limits')).toEqual([{ policies: [{ ...row, identities: 2 }] }])
  expect(await runLarderJson(redis.url, 'limits', 'ann')).toEqual([{ policies: [{ ...row, identities: 1 }] }])
  expect(await runLarderJson(redis.url, 'limits', 'nobody')).toEqual([{ policies: [] }])
  expect((await runLarder(redis.url, ['limits'])).output).toMatch(
    /^policy .*\nper-minute +strict +60000 ms +2\n$/,
  )
})

test('limits and sessions of a name without keys say which names have some', async () => {
  const limits = await runLarder(redis.url, ['limits', '--name', 'shpo'])
  expect(limits.hints).toBe('No key of limits "shpo" is on this server. Those that have keys: shop.')
  const sessions = await runLarder(redis.url, ['sessions'])
  expect(sessions.hints).toBe('No key of sessions "shop" is on this server. Those that have keys: none.')
})

test('limits without a name says what to write', async () => {
  expect(await runLarder(redis.url, ['limits', '--name', ''])).toMatchObject({
    code: 2,
    hints: expect.stringContaining('larder limits --name shop'),
  })
})

test('doctor warns of a server that evicts counts, and does not look for services that are not there', async () => {
  await redis.command('CONFIG', 'SET', 'maxmemory', '100mb')
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru')
  const { findingOf } = await runDoctor(redis.url)
  expect(findingOf('limits')).toMatchObject({ status: 'warn', advice: expect.stringContaining('noeviction') })
  const elsewhere = await runDoctor(redis.url, '--prefix', 'other')
  expect(elsewhere.findings.filter(({ check }) => check === 'limits')).toEqual([])
})

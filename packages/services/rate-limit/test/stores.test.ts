import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import fastifyRateLimit from '@fastify/rate-limit'
import { type VirtualClock, virtualClock } from '@larder/testing'
import { ThrottlerStorageService } from '@nestjs/throttler'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import fastify from 'fastify'
import { Hono } from 'hono'
import { rateLimiter } from 'hono-rate-limiter'
import { expect, test } from 'vitest'
import { toRateLimitStore } from '../src/express'
import { toFastifyStore } from '../src/fastify'
import { createLocalRateLimiter } from '../src/index'
import { type ThrottlerStorage, toThrottlerStorage } from '../src/nestjs'

function openLimiter(clock: VirtualClock = virtualClock()) {
  return createLocalRateLimiter({ clock, policies: [{ name: 'unused', limit: 1, window: '1h' }] })
}

/** The status of four requests, one after the other. */
async function sendFour(send: () => Promise<{ status: number }>): Promise<number[]> {
  const statuses = []
  for (let request = 0; request < 4; request += 1) statuses.push((await send()).status)
  return statuses
}

test('express-rate-limit: its limit holds, refused requests do not count, and resetKey gives a new budget', async () => {
  const app = express()
  const store = toRateLimitStore(openLimiter(), { name: 'api' })
  const limit = rateLimit({
    limit: 2,
    windowMs: 60_000,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    store,
  })
  app.use(limit)
  app.get('/', (_, res) => void res.send('hello'))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const send = () => fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })
  expect(await sendFour(send)).toEqual([200, 200, 429, 429])
  expect(await limit.getKey('127.0.0.1')).toMatchObject({ totalHits: 2 })
  await limit.resetKey('127.0.0.1')
  const response = await send()
  expect([response.status, response.headers.get('ratelimit')]).toEqual([200, expect.stringContaining('r=1')])
  server.close()
})

test('express-rate-limit: requests that are not to count are given back, and two stores count apart', async () => {
  const limiter = openLimiter()
  const [api, login] = ['api', 'login'].map((name) => toRateLimitStore(limiter, { name }))
  for (const store of [api, login]) store?.init({ limit: 2, windowMs: 60_000 })
  expect((await api?.increment('ann'))?.totalHits).toBe(1)
  expect((await api?.increment('ann'))?.totalHits).toBe(2)
  await api?.decrement('ann')
  expect((await api?.increment('ann'))?.totalHits).toBe(2)
  expect((await api?.increment('ann'))?.totalHits).toBe(3)
  expect((await login?.increment('ann'))?.totalHits).toBe(1)
})

test('express-rate-limit: a limit that differs by request fails the requests, and says what to write', async () => {
  const store = toRateLimitStore(openLimiter(), { name: 'api' })
  store.init({ limit: () => 5, windowMs: 60_000 })
  await expect(store.increment('ann')).rejects.toThrow(
    'limit must be a number. For limits that differ by user',
  )
})

test('hono-rate-limiter: its limit holds', async () => {
  const app = new Hono()
  const store = toRateLimitStore(openLimiter(), { name: 'api' })
  app.use(rateLimiter({ limit: 2, windowMs: 60_000, keyGenerator: () => 'ann', store }))
  app.get('/', (c) => c.text('hello'))
  expect(await sendFour(async () => app.request('/'))).toEqual([200, 200, 429, 429])
})

test('@fastify/rate-limit: its limits hold, for the application and for a route of its own', async () => {
  await using app = fastify()
  await app.register(fastifyRateLimit, {
    max: 3,
    timeWindow: '1 minute',
    store: toFastifyStore(openLimiter()),
  })
  app.get('/', () => 'hello')
  app.get('/login', { config: { rateLimit: { max: 1, timeWindow: '1 minute' } } }, () => 'in')
  const send = (url: string) => async () => ({ status: (await app.inject(url)).statusCode })
  expect(await sendFour(send('/login'))).toEqual([200, 429, 429, 429])
  expect(await sendFour(send('/'))).toEqual([200, 200, 200, 429])
})

test('@fastify/rate-limit: continueExceeding makes refused requests count', async () => {
  for (const [continueExceeding, expected] of [
    [true, 3],
    [false, 2],
  ] as const) {
    const clock = virtualClock()
    const Store = toFastifyStore(openLimiter(clock))
    const store = new Store({ continueExceeding })
    const increment = () =>
      new Promise<number | undefined>((resolve) =>
        store.incr('ann', (_, result) => resolve(result?.current), 60_000, 2),
      )
    for (let call = 0; call < 2; call += 1) await increment()
    await clock.advance(50_000)
    await increment()
    await increment()
    await clock.advance(11_000)
    expect([await increment(), await increment()].at(-1)).toBe(expected)
  }
})

test.each([{ exponentialBackoff: true }, { ban: 3 }])(
  '@fastify/rate-limit: %o is refused, and the message names a replacement',
  (options) => {
    const Store = toFastifyStore(openLimiter())
    expect(() => new Store(options)).toThrow('Write continueExceeding: true, or limiter.block.')
  },
)

test('@nestjs/throttler: answers like its own storage until the limit, and blocks for blockDuration beyond it', async () => {
  const clock = virtualClock()
  const ours = toThrottlerStorage(openLimiter(clock))
  const theirs: ThrottlerStorage = new ThrottlerStorageService()
  const callOn = (storage: ThrottlerStorage) => storage.increment('ann', 60_000, 2, 120_000, 'default')
  for (let call = 0; call < 3; call += 1) {
    const [{ totalHits, isBlocked, timeToExpire }, theirAnswer] = await Promise.all([
      callOn(ours),
      callOn(theirs),
    ])
    expect(theirAnswer).toMatchObject({ totalHits, isBlocked })
    expect(timeToExpire).toBeLessThanOrEqual(61)
  }
  await clock.advance(119_000)
  expect(await callOn(ours)).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 })
  await clock.advance(1_000)
  expect(await callOn(ours)).toMatchObject({ isBlocked: false, totalHits: 1 })
})

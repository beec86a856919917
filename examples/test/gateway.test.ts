// needs: redis, nginx
// tier: long
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { createRateLimiter } from '@larder/rate-limit'
import { redisStore } from '@larder/redis'
import { endProcess, freePort, provideRedis, startProcess, temporaryFolder, until } from '@larder/servers'
import { createSessions } from '@larder/sessions'
import { tieredStore } from '@larder/tiered'
import express, { type Express } from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGatekeeper } from '../src/gateway/gatekeeper'
import { createShop } from '../src/gateway/shop'
import { root } from './pages'

const redis = provideRedis(beforeAll, afterAll)
const limit = 10
const cleanups: (() => unknown)[] = []
let gateway = ''
let queries = 0
const rows = new Map([['tea', 250]])
const asked = [0, 0]

const prices = {
  async read(id: string) {
    queries += 1
    return rows.get(id) ?? 0
  },
  write: async (id: string, cents: number) => void rows.set(id, cents),
}

async function listen(app: Express): Promise<number> {
  const port = await freePort()
  const server = app.listen(port, '127.0.0.1')
  cleanups.push(() => server.close())
  return port
}

/** One of the instances, which counts the requests that it gets. */
function startShop(instance: number): Promise<number> {
  const store = tieredStore([memoryStore(), redisStore({ url: redis.url })])
  const cache = createCache({ name: 'shop', store, ttl: '1h' })
  cleanups.push(() => cache.close())
  const shop = createShop(cache, prices)
  const app = express()
  app.use((_, __, next) => {
    asked[instance] = (asked[instance] ?? 0) + 1
    next()
  })
  return listen(app.use(shop))
}

beforeAll(async () => {
  const patient = { name: 'shop', url: redis.url, storeTimeout: '20s' } as const
  const sessions = createSessions(patient)
  const limiter = createRateLimiter({ ...patient, policies: [{ name: 'per-day', limit, window: '1d' }] })
  cleanups.push(sessions.close, limiter.close)
  const ports = {
    4000: await listen(createGatekeeper({ sessions, limiter, secret: 'a secret of 32 characters or more' })),
    4001: await startShop(0),
    4002: await startShop(1),
    8080: await freePort(),
  }
  const folder = temporaryFolder()
  const text = readFileSync(join(root, 'examples/gateway/nginx.conf'), 'utf8')
  writeFileSync(
    folder.file('nginx.conf'),
    text.replaceAll(/:(4000|4001|4002|8080)\b/g, (_, port: string) => `:${ports[port as unknown as 4000]}`),
  )
  const nginx = startProcess('nginx', ['-p', folder.path, '-c', 'nginx.conf'], folder.file('nginx.log'))
  cleanups.push(
    () => endProcess(nginx),
    () => folder.remove(),
  )
  gateway = `http://127.0.0.1:${ports[8080]}`
  await until('nginx answers', async () => (await fetch(`${gateway}/prices/tea`)).status === 401)
})
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})

/** Logs in, and returns a client that sends its cookie. */
async function logIn(user: string) {
  const response = await fetch(`${gateway}/session/${user}`, { method: 'POST' })
  const cookie = response.headers
    .getSetCookie()
    .map((field) => field.split(';')[0])
    .join('; ')
  return (path: string, options: RequestInit = {}) =>
    fetch(`${gateway}${path}`, { ...options, headers: { cookie, 'x-user': 'user:root' } })
}

test('a request without a session gets 401, and no instance sees it', async () => {
  const before = [...asked]
  expect((await fetch(`${gateway}/prices/tea`)).status).toBe(401)
  expect((await fetch(`${gateway}/admission`)).status).toBe(404)
  expect(asked).toEqual(before)
})

test('parallel requests get exactly the limit, from both instances, which compute a value once', async () => {
  const ann = await logIn('ann')
  queries = 0
  const before = [...asked]
  const responses = await Promise.all(Array.from({ length: 2 * limit }, () => ann('/prices/tea')))
  const admitted = responses.filter(({ status }) => status === 200)
  const refused = responses.filter(({ status }) => status === 429)
  expect([admitted.length, refused.length]).toEqual([limit, limit])
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(80_000)
  expect(await admitted[0]?.json()).toEqual({ cents: 250, user: 'user:ann' })
  expect(asked.map((count, instance) => count - (before[instance] ?? 0))).toEqual([limit / 2, limit / 2])
  expect(queries).toBe(1)
})

test('a change through one instance is seen through both, and a logout ends the session at the gateway', async () => {
  const bob = await logIn('bob')
  await bob('/prices/tea')
  expect((await bob('/prices/tea/300', { method: 'PUT' })).status).toBe(204)
  let readers = 0
  await until('both instances have applied the change', async () => {
    readers += 1
    const ask = await logIn(`reader-${readers}`)
    const texts = [await (await ask('/prices/tea')).text(), await (await ask('/prices/tea')).text()]
    return texts.every((text) => text.includes('"cents":300'))
  })
  expect((await bob('/session', { method: 'DELETE' })).status).toBe(204)
  expect((await bob('/prices/tea')).status).toBe(401)
})

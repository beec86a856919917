// needs: redis
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCache } from '@larder/core'
import { createRateLimiter } from '@larder/rate-limit'
import { redisStore } from '@larder/redis'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { createSessions } from '@larder/sessions'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from './pages'

const folder = join(root, 'examples/deploy')
const policies = [{ name: 'per-day', limit: 3, window: '1d' }] as const
const full = ['--maxmemory', '3mb']

/** Starts a server with a configuration of the folder, and with further settings after it. */
const startLike = (name: string, args: readonly string[] = []) =>
  startRedis({ args: ['--include', join(folder, name), ...args] })

/** An application with its cache on one server, and its sessions and limits on another, or the same. */
function openApplication(cacheServer: RedisServer, servicesServer: RedisServer) {
  const patient = { storeTimeout: '20s' } as const
  const service = { name: 'shop', url: servicesServer.url, onError: () => undefined, ...patient }
  const cache = createCache({
    name: 'shop',
    store: redisStore({ url: cacheServer.url }),
    ttl: '1h',
    ...patient,
  })
  const sessions = createSessions(service)
  const limiter = createRateLimiter({ ...service, policies })
  return {
    cache,
    sessions,
    limiter,
    async [Symbol.asyncDispose]() {
      await Promise.all([cache.close(), sessions.close(), limiter.close()])
    },
  }
}

type Application = ReturnType<typeof openApplication>

/** Writes ten times as much as the memory of the server can hold. */
async function overfill({ cache }: Application): Promise<void> {
  for (let at = 0; at < 300; at += 1) await cache.set(`page ${at}`, randomText())
}

/** 100 kB that no compression makes smaller. */
const randomText = () => Buffer.from(crypto.getRandomValues(new Uint8Array(50_000))).toString('hex')

test('with the cache on a server of its own, a full cache evicts entries, and neither sessions nor limits', async () => {
  await using cacheServer = await startLike('redis-cache.conf', full)
  await using servicesServer = await startLike('redis-sessions.conf')
  await using application = openApplication(cacheServer, servicesServer)
  const { sessions, limiter } = application
  const { id } = await sessions.create({ cart: ['tea'] }, { user: 'ann' })
  await limiter.consume('ann', { cost: 3 })
  await overfill(application)
  expect(await cacheServer.command('INFO', 'stats')).toMatch(/evicted_keys:[1-9]/)
  expect((await sessions.read(id))?.data).toEqual({ cart: ['tea'] })
  expect(await limiter.consume('ann')).toMatchObject({ allowed: false, by: 'redis' })
})

test('on the server of the cache, sessions and limits are evicted with its entries', async () => {
  await using server = await startLike('redis-cache.conf', full)
  await using application = openApplication(server, server)
  const { sessions, limiter } = application
  const { id } = await sessions.create({ cart: ['tea'] }, { user: 'ann' })
  await limiter.consume('ann', { cost: 3 })
  await overfill(application)
  expect(await sessions.read(id)).toBeUndefined()
  expect(await limiter.consume('ann')).toMatchObject({ allowed: true, by: 'redis' })
})

test('on one server that evicts nothing, a full cache stores no more, and whoever is logged in stays so', async () => {
  await using server = await startLike('redis-sessions.conf')
  await using application = openApplication(server, server)
  const { cache, sessions, limiter } = application
  const { id } = await sessions.create({ cart: ['tea'] }, { user: 'ann' })
  // Less than an empty server needs.
  await server.command('CONFIG', 'SET', 'maxmemory', '100kb')
  await cache.set('one more', randomText())
  expect(await cache.get('one more')).toBeUndefined()
  expect((await sessions.read(id))?.data).toEqual({ cart: ['tea'] })
  await expect(sessions.create({ cart: ['tea'] })).rejects.toMatchObject({ code: 'STORE_FAILED' })
  expect(await limiter.consume('bob')).toMatchObject({ by: 'local' })
})

test('sessions and limits survive the death of their server', async () => {
  await using server = await startLike('redis-sessions.conf')
  await using application = openApplication(server, server)
  const { sessions, limiter } = application
  const { id } = await sessions.create({ cart: ['tea'] }, { user: 'ann' })
  await limiter.consume('ann', { cost: 3 })
  await server.revive()
  await until('Redis decides again', async () => (await limiter.peek('ann')).by === 'redis')
  expect((await limiter.peek('ann')).allowed).toBe(false)
  await until('the session is there', async () => (await sessions.read(id))?.user === 'ann')
})

test('the compose file starts both servers with these configurations', () => {
  const { services, volumes } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8')) as {
    services: Record<string, { command: string; volumes: string[]; ports: string[] }>
    volumes: object
  }
  const mounts = Object.values(services).flatMap(({ command, volumes: mounted }) =>
    mounted.map((mount) => [...mount.split(':', 2), command] as const),
  )
  for (const [source, target, command] of mounts) {
    if (source.startsWith('./')) {
      expect(existsSync(join(folder, source))).toBe(true)
      expect(command).toBe(`redis-server ${target}`)
    } else expect(Object.keys(volumes)).toContain(source)
  }
  expect(Object.keys(services)).toEqual(['redis-cache', 'redis-sessions'])
})

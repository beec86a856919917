// needs: redis
import { type Cache, createCache } from '@larder/core'
import { provideRedis, until } from '@larder/servers'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { redisStore } from '../src/index'

const server = provideRedis(beforeAll, afterAll)
const caches: Cache[] = []
afterEach(async () => {
  await Promise.all(caches.splice(0).map((cache) => cache.close()))
  await server.command('FLUSHALL')
})

function open(url = server.url): Cache {
  const cache = createCache({ name: 'shop', store: redisStore({ url }), storeTimeout: '20s' })
  caches.push(cache)
  return cache
}

const knowsServer = (cache: Cache) => until('it knows its server', () => cache.stats().servers.length > 0)

/** The URL of a user who may do everything but call INFO. */
async function restrictedUrl(): Promise<string> {
  await server.command('ACL', 'SETUSER', 'restricted', 'on', '>secret', '~*', '&*', '+@all', '-info')
  return server.url.replace('redis://', 'redis://restricted:secret@')
}

test('stats have the memory and the clients of the server, also when it is full', async () => {
  await server.command('CONFIG', 'SET', 'maxmemory', '1')
  const cache = open()
  expect(cache.stats().servers).toEqual([])
  await knowsServer(cache)
  await server.command('CONFIG', 'SET', 'maxmemory', '0')
  expect(cache.stats().servers).toMatchObject([
    { maxMemory: 1, evictionPolicy: 'noeviction', evicted: 0, clients: expect.any(Number) },
  ])
  const [{ server: address, usedMemory = 0 } = {}] = cache.stats().servers
  expect(address).toMatch(/^[\w.]+:\d+$/)
  expect(usedMemory).toBeGreaterThan(100_000)
})

test('one process reads them for all: another one has them without the right to INFO', async () => {
  const restricted = open(await restrictedUrl())
  await restricted.ready({ timeout: '20s' })
  const reader = open()
  await knowsServer(reader)
  await knowsServer(restricted)
  expect(restricted.stats().servers).toEqual(reader.stats().servers)
})

test('where INFO is refused, there are no figures, and nothing fails', async () => {
  const restricted = open(await restrictedUrl())
  restricted.stats()
  await until('it has asked', async () => (await server.command('EXISTS', 'larder:{shop}:usage')) === '1')
  await restricted.set('k', 1)
  expect(restricted.stats()).toMatchObject({ servers: [], errors: 0 })
})

test('what another client has written under their key is not taken for figures', async () => {
  await server.command('SET', 'larder:{shop}:usage', '[{"server":"x","usedMemory":"much"}]')
  const cache = open()
  await cache.ready({ timeout: '20s' })
  cache.stats()
  await cache.get('k')
  expect(cache.stats().servers).toEqual([])
})

// needs: redis
import { type Cache, createCache } from '@larder/core'
import { provideRedis, type RedisCluster, startCluster, startRedis, until } from '@larder/servers'
import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5'
import { createClient, createCluster } from 'redis'
import {
  createClient as createClient5,
  createClientPool as createClientPool5,
  createCluster as createCluster5,
  createSentinel as createSentinel5,
} from 'redis-5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { openStore } from './support/open-store'

const server = provideRedis(beforeAll, afterAll)
let cluster: RedisCluster

beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

const listNodes = () => cluster.nodes.map(({ host, port }) => ({ host, port }))
const clients = {
  'ioredis 5, single': () => new Redis5(server.port),
  'ioredis 6, single': () => new Redis(server.port),
  'ioredis 5, Cluster': () => new Cluster5(listNodes()),
  'ioredis 6, Cluster': () => new Cluster(listNodes()),
}

async function expectFullService(a: Cache, b: Cache): Promise<void> {
  expect(await a.getOrCompute('k', () => ({ n: 1 }), { tags: ['t'] })).toEqual({ n: 1 })
  await until('the other cache has the entry', async () => (await b.get('k')) !== undefined)
  await a.setMany(Array.from({ length: 50 }, (_, index) => [`many ${index}`, index]))
  expect(await b.getMany(['many 0', 'many 49', 'missing'])).toEqual([0, 49, undefined])
  await a.invalidate('t')
  await until('the other cache has applied the invalidation', async () => (await b.get('k')) === undefined)
  expect((await a.delete('many 0')).outcome).toBe('applied')
  expect(await a.get('many 0')).toBeUndefined()
}

test.each(Object.entries(clients))(
  '%s: two caches share one client, which still works after they are closed',
  async (name, connect) => {
    const client = connect()
    const store = redisStore({ client })
    const [a, b] = [1, 2].map(() => createCache({ name, store })) as [Cache, Cache]
    await expectFullService(a, b)
    await Promise.all([a.close(), b.close()])
    expect(await client.set('own', 'key')).toBe('OK')
    client.disconnect()
  },
)

const nodeRedisClients = {
  'node-redis 5': (url: string) => createClient5({ url }),
  'node-redis 6': (url: string) => createClient({ url }),
}

test.each(Object.entries(nodeRedisClients))(
  '%s: caches work with the settings of a client, connected or not, and leave it alone',
  async (name, create) => {
    const client = create(`${server.url}/3`)
    const store = redisStore({ client })
    const [a, b] = [1, 2].map(() => createCache({ name, store })) as [Cache, Cache]
    await expectFullService(a, b)
    expect(client.isOpen).toBe(false)
    await client.connect()
    expect(await client.sendCommand(['DBSIZE'])).toBeGreaterThan(0)
    const listConnections = async () => (await server.command('CLIENT', 'LIST')).split('\n').length
    const before = await listConnections()
    await Promise.all([a.close(), b.close()])
    await until('their connections are closed', async () => (await listConnections()) === before - 2)
    expect(await client.sendCommand(['SET', 'own', 'key'])).toBe('OK')
    client.destroy()
  },
)

const rootNodes = () => cluster.nodes.map(({ url }) => ({ url }))

test.each([
  ['node-redis 5', () => createCluster5({ rootNodes: rootNodes() })],
  ['node-redis 6', () => createCluster({ rootNodes: rootNodes() })],
])(
  '%s: caches work on a Cluster with the settings of a client, which they leave alone',
  async (name, create) => {
    const client = create()
    const store = redisStore({ client })
    // A busy machine must not look like an outage.
    const [a, b] = [1, 2].map(() => createCache({ name, store, storeTimeout: '20s' })) as [Cache, Cache]
    await until('it is connected', async () => (await a.set('other', 1)).outcome === 'applied')
    await expectFullService(a, b)
    expect(client.isOpen).toBe(false)
    await Promise.all([a.close(), b.close()])
  },
)

test('a cache with a client of node-redis goes on after its server was killed', async () => {
  await using own = await startRedis()
  const errors: unknown[] = []
  await using cache = createCache({
    name: 'shop',
    store: redisStore({ client: createClient({ url: own.url }) }),
  })
  cache.on('error', ({ error }) => errors.push(error))
  await cache.set('k', 1)
  await own.kill()
  await until('the loss is reported', () => errors.length > 0)
  await own.revive()
  await until('it stores again', async () => {
    await cache.set('k', 2)
    return (await own.command('EXISTS', 'larder:shop:{k:k}')) === '1'
  })
  expect((await cache.invalidate('t')).outcome).toBe('applied')
})

test('thirty caches on one client share one error listener', async () => {
  const client = new Redis(server.port)
  const caches = Array.from({ length: 30 }, (_, index) =>
    createCache({ name: `cache ${index}`, store: redisStore({ client }) }),
  )
  await Promise.all(caches.map((cache) => cache.set('k', 1)))
  expect(client.listenerCount('error')).toBe(1)
  expect(client.listenerCount('ready')).toBeLessThanOrEqual(1)
  await Promise.all(caches.map((cache) => cache.close()))
  client.disconnect()
})

test('a call on a client that has ended rejects without waiting', async () => {
  const client = new Redis(server.port)
  await client.quit()
  await until('the client has ended', () => client.status === 'end')
  await expect(openStore(redisStore({ client })).log.sync(undefined)).rejects.toThrow('not connected (end)')
})

test('a call without a connection says why there is none, each time', async () => {
  const unreachable = createCache({ name: 'away', store: redisStore({ url: 'redis://127.0.0.1:1' }) })
  const messages = new Set<string>()
  unreachable.on('error', ({ error }) => messages.add((error as Error).message))
  for (const key of ['a', 'b']) await unreachable.set(key, 1).catch(() => undefined)
  await until('each call has failed', () => messages.size > 0)
  const failures = [...messages].filter((message) => message.includes('is not connected'))
  expect(failures.length).toBeGreaterThan(0)
  for (const message of failures) expect(message).toMatch(/\(\w+\): connect ECONNREFUSED 127\.0\.0\.1:1\.$/)
  await unreachable.close()
})

test('a client for Sentinels that does not listen for a switch gets one warning, and one that does gets none', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  const sentinel = { sentinels: [{ host: '127.0.0.1', port: 1 }], name: 'primary', lazyConnect: true }
  const deaf = new Redis(sentinel)
  const listening = new Redis({ ...sentinel, failoverDetector: true })
  const single = new Redis({ lazyConnect: true })
  const opened = [deaf, deaf, listening, single].map((client, index) =>
    openStore(redisStore({ client }), `warned ${index}`),
  )
  await Promise.all(opened.map((store) => store.close()))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  for (const client of [deaf, listening, single]) client.disconnect()
  expect(warnings.map((warning) => [(warning as NodeJS.ErrnoException).code, warning.message])).toEqual([
    ['LARDER_SENTINEL', expect.stringContaining('failoverDetector: true')],
  ])
})

describe('redisStore rejects', () => {
  const url = 'redis://127.0.0.1'

  test.each<[options: object, message: RegExp]>([
    [{}, /needs a client or a url/],
    [{ url, client: {} }, /needs a client or a url/],
    [{ client: { sendCommand: () => undefined } }, /must be an ioredis client/],
    [{ url, maxTtl: 'soon' }, /maxTtl/],
    [{ url, maxTtl: Number.POSITIVE_INFINITY }, /maxTtl must be finite/],
    [{ url, keyRetention: Number.POSITIVE_INFINITY }, /keyRetention must be finite/],
    [{ url, maxLogRecords: 0 }, /maxLogRecords/],
    [{ url, maxLogRecords: Number.NaN }, /maxLogRecords/],
  ])('%o', (options, message) => {
    expect(() => redisStore(options)).toThrow(message)
  })

  test.each<[kind: string, client: object, message: RegExp]>([
    [
      'createClientPool',
      createClientPool5(),
      /a client of createClientPool does not fit\. Pass createClient/,
    ],
    [
      'createSentinel of version 5',
      createSentinel5({ name: 'primary', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] }),
      /node-redis 5 does not show the settings of createSentinel\. Pass new Redis\({ sentinels, name }\)/,
    ],
    [
      'createCluster with a provider of credentials',
      createCluster({
        rootNodes: [{ url }],
        defaults: {
          credentialsProvider: { type: 'async-credentials-provider', credentials: async () => ({}) },
        },
      }),
      /must not set credentialsProvider.*Write username and password/,
    ],
  ])('a client of node-redis by %s, and says what to pass instead', (_, client, message) => {
    expect(() => redisStore({ client: client as never })).toThrow(message)
  })

  test.each([{ keyPrefix: 'app:' }, { stringNumbers: true }, { enableAutoPipelining: true }])(
    'a client with %o, which would change commands or replies',
    (options) => {
      const [name = ''] = Object.keys(options)
      const lazy = { ...options, lazyConnect: true }
      const unsupported = [
        new Redis(lazy),
        new Redis5(lazy),
        new Cluster([], { redisOptions: options, ...lazy }),
      ]
      for (const client of unsupported) {
        expect(() => redisStore({ client })).toThrow(name)
        client.disconnect()
      }
    },
  )
})

test.each(['keyPrefix=app:', 'db=1&stringNumbers=true', 'enableAutoPipelining=true'])(
  'redisStore rejects a url with %s',
  (parameters) => {
    expect(() => redisStore({ url: `redis://127.0.0.1:1/?${parameters}` })).toThrow(
      /the url must not set \w+: .* Remove it from the url\./,
    )
    expect(() => redisStore({ url: 'redis://127.0.0.1:1/0?family=4' })).not.toThrow()
  },
)

import { type Cache, createCache } from '@larder/core'
import { type RedisCluster, type RedisServer, startCluster, startRedis, until } from '@larder/servers'
import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { open } from './support/open'
import { unhurried } from './support/unhurried'

let server: RedisServer
let cluster: RedisCluster

beforeAll(async () => {
  ;[server, cluster] = await Promise.all([startRedis(), startCluster()])
}, 30_000)
afterAll(() => Promise.all([server.close(), cluster.close()]))

const nodes = () => cluster.nodes.map(({ host, port }) => ({ host, port }))
const clients = {
  'ioredis 5, single': () => new Redis5(server.port),
  'ioredis 6, single': () => new Redis(server.port),
  'ioredis 5, Cluster': () => new Cluster5(nodes()),
  'ioredis 6, Cluster': () => new Cluster(nodes()),
}

async function useEverything(a: Cache, b: Cache): Promise<void> {
  expect(await a.getOrCompute('k', () => ({ n: 1 }), { tags: ['t'] })).toEqual({ n: 1 })
  await until('the other cache finds it', async () => (await b.get('k')) !== undefined)
  await a.setMany(Array.from({ length: 50 }, (_, at) => [`many ${at}`, at]))
  expect(await b.getMany(['many 0', 'many 49', 'missing'])).toEqual([0, 49, undefined])
  await a.invalidate('t')
  await until('the other cache has heard', async () => (await b.get('k')) === undefined)
  expect((await a.delete('many 0')).outcome).toBe('applied')
  expect(await a.get('many 0')).toBeUndefined()
}

test.each(Object.entries(clients))(
  '%s: everything works, and the client goes on after the cache',
  async (name, connect) => {
    const client = connect()
    const store = redisStore({ client })
    const [a, b] = [1, 2].map(() => createCache({ name, store, ...unhurried })) as [Cache, Cache]
    await useEverything(a, b)
    await Promise.all([a.close(), b.close()])
    expect(await client.set('own', 'key')).toBe('OK')
    client.disconnect()
  },
)

test('many caches on one client add no listeners to it', async () => {
  const client = new Redis(server.port)
  const caches = Array.from({ length: 30 }, (_, at) =>
    createCache({ name: `cache ${at}`, store: redisStore({ client }) }),
  )
  await Promise.all(caches.map((cache) => cache.set('k', 1)))
  expect(client.listenerCount('error')).toBe(1)
  expect(client.listenerCount('ready')).toBeLessThanOrEqual(1)
  await Promise.all(caches.map((cache) => cache.close()))
  client.disconnect()
})

test('a client that was ended is no reason to wait', async () => {
  const client = new Redis(server.port)
  await client.quit()
  await until('it has ended', () => client.status === 'end')
  await expect(open(redisStore({ client })).log.sync(undefined)).rejects.toThrow('not connected (end)')
})

describe('redisStore refuses', () => {
  const url = 'redis://127.0.0.1'

  test.each<[options: object, message: RegExp]>([
    [{}, /needs a client or a url/],
    [{ url, client: {} }, /needs a client or a url/],
    [{ client: { sendCommand: () => undefined } }, /no client of ioredis/],
    [{ url, maxTtl: 'soon' }, /maxTtl/],
    [{ url, maxTtl: Number.POSITIVE_INFINITY }, /maxTtl must be finite/],
    [{ url, keyRetention: Number.POSITIVE_INFINITY }, /keyRetention must be finite/],
    [{ url, maxLogRecords: 0 }, /maxLogRecords/],
    [{ url, maxLogRecords: Number.NaN }, /maxLogRecords/],
  ])('%o', (options, message) => {
    expect(() => redisStore(options)).toThrow(message)
  })

  test.each([{ keyPrefix: 'app:' }, { stringNumbers: true }, { enableAutoPipelining: true }])(
    'a client with %o, which would change what is sent or answered',
    (options) => {
      const [name = ''] = Object.keys(options)
      const lazy = { ...options, lazyConnect: true }
      const made = [new Redis(lazy), new Redis5(lazy), new Cluster([], { redisOptions: options, ...lazy })]
      for (const client of made) {
        expect(() => redisStore({ client })).toThrow(name)
        client.disconnect()
      }
    },
  )
})

test.each(['keyPrefix=app:', 'db=1&stringNumbers=true', 'enableAutoPipelining=true'])(
  'a url with %s is refused, as a client with it is',
  (parameters) => {
    expect(() => redisStore({ url: `redis://127.0.0.1:1/?${parameters}` })).toThrow(
      /the url has \w+: .* Leave it out\./,
    )
    expect(() => redisStore({ url: 'redis://127.0.0.1:1/0?family=4' })).not.toThrow()
  },
)

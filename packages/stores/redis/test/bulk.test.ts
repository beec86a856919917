// needs: redis
import { type Cache, createCache } from '@larder/core'
import { type FaultyProxy, provideRedis, startProxy, until } from '@larder/servers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'

const server = provideRedis(beforeEach, afterEach)
let proxy: FaultyProxy
let cache: Cache
let other: Cache

beforeEach(async () => {
  proxy = await startProxy(server)
  const options = { name: 'bulk', ttl: '1h' } as const
  cache = createCache({ ...options, store: redisStore({ url: proxy.url }) })
  other = createCache({ ...options, store: redisStore({ url: server.url }) })
  await other.set('unrelated', 'value')
})

afterEach(async () => {
  await Promise.all([cache.close(), other.close()])
  await proxy.close()
})

const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `name ${index}`)

const countStored = async () => Number(await server.command('DBSIZE'))

test('two thousand cold keys at once are all stored, with every circuit closed', async () => {
  const outages: unknown[] = []
  cache.on('circuit', (event) => outages.push(event))
  const before = await countStored()
  await Promise.all(namesOf(2_000).map((name) => cache.getOrCompute(name, async () => name)))
  await until('all are stored', async () => (await countStored()) >= before + 2_000)
  expect(cache.stats()).toMatchObject({ computes: { value: 2_000 } })
  expect(outages).toEqual([])
})

describe.each([0, 30])('with %d ms to Redis', (latency) => {
  beforeEach(async () => {
    await cache.get('connect')
    proxy.delay(latency)
  })
  const names = namesOf(12_000)

  test.each<[string, () => Promise<{ outcome: string }>]>([
    ['deleteMany', () => cache.deleteMany(names)],
    ['invalidate', () => cache.invalidate(names)],
    ['setMany', () => cache.setMany(names.map((name) => [name, name]))],
  ])('%s of twelve thousand names is applied, and ends nothing else', async (_, work) => {
    expect(await work()).toMatchObject({ outcome: 'applied' })
    expect(cache.stats()).toMatchObject({ outbox: 0 })
    expect(await other.get('unrelated')).toBe('value')
  })
})

test('five thousand values that are set at once can all be read by another process', async () => {
  await cache.setMany(namesOf(5_000).map((name) => [name, name]))
  expect(await other.getMany(namesOf(5_000))).toEqual(namesOf(5_000))
})

describe('a circuit that opens', () => {
  const connections = () => proxy.traffic.connections

  test('because Redis replies with errors leaves the connection as it is', async () => {
    await cache.set('k', 1)
    await server.command('CONFIG', 'SET', 'min-replicas-to-write', '1')
    const before = connections()
    const outages: string[] = []
    cache.on('circuit', ({ state }) => outages.push(state))
    for (let index = 0; index < 10; index += 1) await cache.getOrCompute(`key ${index}`, () => index)
    await until('a circuit is open', () => outages.length > 0)
    expect(connections()).toBe(before)
  })

  test('again and again, because Redis is slow, replaces the connection less and less often', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const impatient = createCache({
      name: 'impatient',
      store: redisStore({ url: proxy.url }),
      storeTimeout: 20,
      circuitPause: 20,
    })
    await impatient.get('connect')
    const before = connections()
    proxy.delay(60)
    const trials = Date.now() + 1_500
    while (Date.now() < trials) await Promise.all(namesOf(10).map((name) => impatient.get(name)))
    // At once, a second later, and no more: each replacement connects a client and its subscription.
    expect(connections() - before).toBeLessThanOrEqual(4)
    proxy.pass()
    await impatient.close()
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })
})

// needs: redis
import { type Cache, createCache } from '@larder/core'
import { type FaultyProxy, provideRedis, startProxy, until } from '@larder/servers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'

const server = provideRedis(beforeEach, afterEach)
let proxy: FaultyProxy
let cache: Cache

beforeEach(async () => {
  proxy = await startProxy(server)
  cache = createCache({ name: 'slow', store: redisStore({ url: server.url }), ttl: '1h' })
})

afterEach(async () => {
  await cache.close()
  await proxy.close()
})

/** Keeps the event loop busy, as a garbage collection or the JSON of a large body does. */
function blockFor(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

const countConnections = async () =>
  Number(/total_connections_received:(\d+)/.exec(await server.command('INFO', 'stats'))?.[1])

describe('a process that stalls while Redis works', () => {
  const keys = Array.from({ length: 9 }, (_, index) => `key ${index}`)

  /** Reads all keys, stalls while the replies are on their way, and returns the number of calls of the source. */
  async function readDuringStall(ms: number): Promise<number> {
    let computed = 0
    const reads = keys.map((key) => cache.getOrCompute(key, () => (computed += 1)))
    // The commands are written after the promise jobs of this tick.
    await new Promise((resolve) => process.nextTick(() => process.nextTick(resolve)))
    blockFor(ms)
    await Promise.all(reads)
    return computed
  }

  test('gets its hits after a stall of 400 ms', async () => {
    await cache.setMany(keys.map((key) => [key, key]))
    expect(await readDuringStall(400)).toBe(0)
    expect(cache.stats()).toMatchObject({ errors: 0, misses: 0 })
  })

  test('keeps its circuits closed and its connection, however often it stalls', async () => {
    await cache.setMany(keys.map((key) => [key, key]))
    const before = await countConnections()
    for (let stalls = 0; stalls < 8; stalls += 1) expect(await readDuringStall(300)).toBe(0)
    expect(cache.stats().circuits.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed'])
    // Each redis-cli makes a connection: the one that asks is the only new one.
    expect((await countConnections()) - before).toBe(1)
  })
})

describe('the connection of redisStore', () => {
  test('survives a command that takes longer than two seconds, if storeTimeout allows it', async () => {
    const patient = createCache({
      name: 'patient',
      store: redisStore({ url: proxy.url }),
      storeTimeout: '1m',
      maxStaleness: '1m',
    })
    await patient.set('k', 'value')
    const { connections } = proxy.traffic
    proxy.delay(2_500)
    expect(await patient.get('k')).toBe('value')
    proxy.pass()
    expect(proxy.traffic.connections).toBe(connections)
    await patient.close()
  })

  test('is replaced if the server accepts it and does not answer', async () => {
    proxy.cut()
    const waiting = createCache({ name: 'waiting', store: redisStore({ url: proxy.url }) })
    await until('both connections are replaced', () => proxy.traffic.connections >= 4)
    proxy.pass()
    await until('the cache is current', async () => {
      await waiting.set('k', 'value')
      return (await waiting.get('k')) === 'value'
    })
    await waiting.close()
  })

  test.each([
    ['null', '$-1\r\n'],
    ['text', '+OK\r\n'],
    ['an error', '-ERR stray\r\n'],
    ['several', '$-1\r\n$-1\r\n-ERR stray\r\n'],
  ])('is replaced after a reply of %s that no command waits for, and the process lives', async (_, reply) => {
    const idle = createCache({ name: 'idle', store: redisStore({ url: proxy.url }), syncInterval: 1_900 })
    await idle.set('k', 'value')
    const { connections } = proxy.traffic
    proxy.inject(reply)
    await until('the connection is replaced', () => proxy.traffic.connections > connections)
    await until('the entry is read', async () => (await idle.get('k')) === 'value')
    await idle.close()
  })
})

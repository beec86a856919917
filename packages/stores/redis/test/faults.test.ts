import { type Cache, type CacheOptions, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import {
  type FaultyProxy,
  measureOwnTime,
  type RedisServer,
  startProxy,
  startRedis,
  until,
} from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { unhurried } from './support/unhurried'

/** What a call may cost at most while Redis is in trouble: a look-up, a lease, a sync, each with its deadline of 100 ms. */
const budget = 500

let server: RedisServer
let proxy: FaultyProxy
const open: Cache[] = []

beforeEach(async () => {
  server = await startRedis()
  proxy = await startProxy(server)
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()))
  await proxy.close()
  await server.close()
})

function cacheOn(url: string, options: Partial<CacheOptions> & { memory?: boolean } = {}): Cache {
  const { memory = false, ...rest } = options
  const redis = redisStore({ url })
  const cache = createCache({
    name: 'faults',
    store: memory ? tieredStore([memoryStore(), redis]) : redis,
    storeTimeout: 100,
    circuitPause: 200,
    ttl: '1h',
    ...rest,
  })
  open.push(cache)
  return cache
}

/** Calls go on, right and in time, whatever state Redis is in. */
async function expectService(cache: Cache, label: string): Promise<void> {
  for (let at = 0; at < 10; at += 1) {
    const { value, took } = await measureOwnTime(() =>
      cache.getOrCompute(`${label} ${at}`, async () => `${label} ${at}`),
    )
    expect(value).toBe(`${label} ${at}`)
    expect(took).toBeLessThan(budget)
  }
}

let probes = 0

const recovered = (cache: Cache) =>
  until('the cache uses Redis again', async () => {
    probes += 1
    await cache.getOrCompute(`probe ${probes}`, () => 1)
    await cache.set('probe', probes)
    return (
      (await cache.get('probe')) === probes && cache.stats().circuits.every(({ state }) => state === 'closed')
    )
  })

const faults: Record<string, { strike: () => unknown; heal: () => unknown }> = {
  'killed, and back empty': { strike: () => server.kill(), heal: () => server.restart() },
  'frozen (SIGSTOP)': { strike: () => server.stop(), heal: () => server.resume() },
  'behind a wire that is cut': { strike: () => proxy.cut(), heal: () => proxy.pass() },
  'mute: questions arrive, answers do not': { strike: () => proxy.cut('answers'), heal: () => proxy.pass() },
  'refusing connections': { strike: () => proxy.refuse(), heal: () => proxy.pass() },
  'answering after 300 ms': { strike: () => proxy.delay(300), heal: () => proxy.pass() },
  'paused (CLIENT PAUSE)': {
    strike: () => server.command('CLIENT', 'PAUSE', '1500', 'ALL'),
    heal: () => undefined,
  },
  'a replica all of a sudden (READONLY)': {
    strike: () => server.command('REPLICAOF', '127.0.0.1', '1'),
    heal: () => server.command('REPLICAOF', 'NO', 'ONE'),
  },
  'out of memory': {
    strike: async () => {
      await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      await server.command('CONFIG', 'SET', 'maxmemory', '1')
    },
    heal: () => server.command('CONFIG', 'SET', 'maxmemory', '0'),
  },
}

describe.each(Object.entries(faults))('while Redis is %s', (_, { strike, heal }) => {
  test('every call is answered in time from the source, and Redis is used again afterwards', async () => {
    const cache = cacheOn(proxy.url)
    await expectService(cache, 'before')
    await strike()
    await expectService(cache, 'during')
    await heal()
    await recovered(cache)
  })
})

/**
 * Reads until the value of `k` is gone. No read that began later than `maxStaleness` after `since`, on the monotonic clock,
 * may have served it.
 */
async function expectGoneInTime(cache: Cache, since: number): Promise<void> {
  let latest = since
  await until('the old value is gone', async () => {
    const began = performance.now()
    const isServed = (await cache.get('k')) !== undefined
    if (isServed) latest = began
    return !isServed
  })
  expect(latest - since).toBeLessThanOrEqual(cache.stats().maxStaleness)
}

describe('an invalidation while Redis is away', () => {
  test('is in force here at once, and everywhere when Redis is back', async () => {
    const options = { memory: true, ...unhurried }
    const [near, far] = [cacheOn(proxy.url, options), cacheOn(server.url, options)]
    await near.set('k', 'old', { tags: ['t'] })
    await until('the other process has it', async () => (await far.get('k')) === 'old')
    proxy.refuse()
    expect((await near.invalidate('t')).outcome).toBe('queued')
    expect(await near.getOrCompute('k', () => 'new')).toBe('new')
    proxy.pass()
    await until('the other process has heard of it', async () => (await far.get('k')) === undefined)
    await until('nothing waits any more', () => near.stats().outbox === 0)
  })

  test('of a key keeps it away for good: its record is forgotten only when the entry is gone', async () => {
    const store = redisStore({ url: proxy.url, keyRetention: '1ms' })
    const [cache, log] = [cacheOn(proxy.url, { store, ...unhurried }), 'larder:{faults}:keys']
    await cache.set('k', 'old')
    await until('the entry is there', async () => (await server.command('KEYS', '*{k:k}')) !== '')
    proxy.refuse()
    expect((await cache.delete('k')).outcome).toBe('queued')
    proxy.pass()
    await until('it is confirmed', () => cache.stats().outbox === 0)
    await until('its record is forgotten', async () => (await server.command('EXISTS', log)) === '0')
    expect(await server.command('KEYS', '*{k:k}')).toBe('')
    expect(await cacheOn(server.url, unhurried).get('k')).toBeUndefined()
  })

  test('of which only the answer was lost is repeated without harm', async () => {
    const cache = cacheOn(proxy.url)
    await cache.set('k', 'old', { tags: ['t'] })
    proxy.cut('answers')
    expect((await cache.invalidate('t')).outcome).toBe('queued')
    proxy.pass()
    await until('it is confirmed', () => cache.stats().outbox === 0)
    expect(await cache.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
  })
})

describe('memory', () => {
  test('works in full when Redis has none: what is invalidated stays so', async () => {
    const cache = cacheOn(server.url, unhurried)
    await cache.set('k', 'old', { tags: ['t'] })
    await faults['out of memory']!.strike()
    expect((await cache.invalidate('t')).outcome).toBe('applied')
    expect(await cache.get('k')).toBeUndefined()
    expect((await cache.delete('other')).outcome).toBe('applied')
  })

  test('everything evicted costs misses and no stale value', async () => {
    const options = { memory: true, ...unhurried }
    const [a, b] = [cacheOn(server.url, options), cacheOn(server.url, options)]
    await a.set('k', 'old', { tags: ['t'] })
    await until('the other process has it', async () => (await b.get('k')) === 'old')
    await a.invalidate('t')
    for (const name of (await server.command('KEYS', 'larder:{*')).split('\n'))
      await server.command('DEL', name)
    await until(
      'both have noticed',
      async () => (await a.get('k')) === undefined && (await b.get('k')) === undefined,
    )
    expect(await b.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
  })

  test('a flush is noticed within maxStaleness', async () => {
    const cache = cacheOn(server.url, { memory: true, ...unhurried })
    await cache.set('k', 'old')
    await server.command('FLUSHALL')
    await expectGoneInTime(cache, performance.now())
  })
})

describe('garbage', () => {
  test('in a key is a counted miss', async () => {
    const cache = cacheOn(server.url, unhurried)
    await cache.get('connect')
    for (const garbage of ['garbage that is long enough', 'short', '']) {
      await server.command('SET', 'larder:faults:{k:k}', garbage)
      expect(await cache.get('k')).toBeUndefined()
    }
    expect(cache.stats().unreadable).toBe(1)
    expect(await cache.getOrCompute('k', () => 'computed')).toBe('computed')
  })

  test('of another type in a key fails no call', async () => {
    const cache = cacheOn(server.url)
    await server.command('LPUSH', 'larder:faults:{k:k}', 'x')
    expect(await cache.getOrCompute('k', () => 'computed')).toBe('computed')
  })

  test('on the wire costs the connection and no call', async () => {
    const cache = cacheOn(proxy.url)
    await cache.set('k', 1)
    proxy.inject('!garbage\r\n')
    await expectService(cache, 'after garbage')
    await recovered(cache)
  })

  test('answers that belong to other questions are never served', async () => {
    const cache = cacheOn(proxy.url)
    const keys = Array.from({ length: 50 }, (_, at) => `k${at}`)
    await cache.setMany(keys.map((key) => [key, `value of ${key}`]))
    proxy.swallowReply()
    for (const key of keys)
      expect(await cache.getOrCompute(key, () => `value of ${key}`)).toBe(`value of ${key}`)
  })
})

describe('missed messages', () => {
  test('are made up for by a sync', async () => {
    const options = { memory: true, ...unhurried }
    const [near, far] = [cacheOn(proxy.url, options), cacheOn(server.url, options)]
    await far.set('k', 'old', { tags: ['t'] })
    await until('this process has it', async () => (await near.get('k')) === 'old')
    for (let at = 0; at < 20; at += 1) {
      proxy.reset()
      await far.invalidate(`other ${at}`)
    }
    await far.invalidate('t')
    await expectGoneInTime(near, performance.now())
  })
})

describe('Redis down at start', () => {
  test('costs a bounded time, and the cache finds it later', async () => {
    await server.kill()
    const cache = cacheOn(proxy.url, { memory: true })
    await expectService(cache, 'down')
    await server.restart()
    await recovered(cache)
  })

  test('an invalidation before it was ever reached is queued, and kept', async () => {
    proxy.refuse()
    const cache = cacheOn(proxy.url, { memory: true })
    const other = cacheOn(server.url, unhurried)
    await other.set('k', 'old', { tags: ['t'] })
    expect((await cache.invalidate('t')).outcome).toBe('queued')
    proxy.pass()
    await until('it has arrived', async () => (await other.get('k')) === undefined)
  })
})

test('errors never carry values, keys or passwords', async () => {
  const cache = cacheOn(server.url.replace('//', '//user:hunter2@'))
  const told: unknown[] = []
  cache.on('error', ({ error }) => told.push(error))
  await cache.getOrCompute('secret key', () => 'secret value')
  await until('something was told', () => told.length > 0)
  const text = told
    .map(
      (error) =>
        `${String(error)} ${JSON.stringify(error)} ${String((error as Error).stack)} ${JSON.stringify(Object.entries(error as object))}`,
    )
    .join()
  for (const secret of ['hunter2', 'secret value']) expect(text).not.toContain(secret)
})

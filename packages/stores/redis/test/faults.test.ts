// needs: redis
import { type Cache, type CacheOptions, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type FaultyProxy, measureOwnTime, provideRedis, startProxy, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'

/** Timeouts of caches whose calls are measured during a fault, in ms. */
const impatient = { storeTimeout: 100, circuitPause: 200 } as const
/** Upper bound for a call of an impatient cache during a fault, in ms: a read, a lease and a sync, each with its timeout. */
const maxCallDuration = 500

const server = provideRedis(beforeEach, afterEach)
let proxy: FaultyProxy
const openCaches: Cache[] = []

beforeEach(async () => {
  proxy = await startProxy(server)
})

afterEach(async () => {
  await Promise.all(openCaches.splice(0).map((cache) => cache.close()))
  await proxy.close()
})

function cacheOn(url: string, options: Partial<CacheOptions> & { memory?: boolean } = {}): Cache {
  const { memory = false, ...rest } = options
  const redis = redisStore({ url })
  const cache = createCache({
    name: 'faults',
    store: memory ? tieredStore([memoryStore(), redis]) : redis,
    ttl: '1h',
    ...rest,
  })
  openCaches.push(cache)
  return cache
}

/** Expects calls to return the right value in time, whatever state Redis is in. */
async function expectService(cache: Cache, label: string): Promise<void> {
  for (let index = 0; index < 10; index += 1) {
    const { value, took } = await measureOwnTime(() =>
      cache.getOrCompute(`${label} ${index}`, async () => `${label} ${index}`),
    )
    expect(value).toBe(`${label} ${index}`)
    expect(took).toBeLessThan(maxCallDuration)
  }
}

let probes = 0

const untilRecovered = (cache: Cache) =>
  until('the cache uses Redis again', async () => {
    probes += 1
    await cache.getOrCompute(`probe ${probes}`, () => 1)
    await cache.set('probe', probes)
    return (
      (await cache.get('probe')) === probes && cache.stats().circuits.every(({ state }) => state === 'closed')
    )
  })

const faults: Record<string, { inject: () => unknown; heal: () => unknown }> = {
  'killed, and back empty': { inject: () => server.kill(), heal: () => server.restart() },
  'frozen (SIGSTOP)': { inject: () => server.stop(), heal: () => server.resume() },
  'behind a cut connection': { inject: () => proxy.cut(), heal: () => proxy.pass() },
  'receiving commands without its replies arriving': {
    inject: () => proxy.cut('answers'),
    heal: () => proxy.pass(),
  },
  'refusing connections': { inject: () => proxy.refuse(), heal: () => proxy.pass() },
  'replying after 300 ms': { inject: () => proxy.delay(300), heal: () => proxy.pass() },
  'paused (CLIENT PAUSE)': {
    inject: () => server.command('CLIENT', 'PAUSE', '1500', 'ALL'),
    heal: () => undefined,
  },
  'demoted to a replica (READONLY)': {
    inject: () => server.command('REPLICAOF', '127.0.0.1', '1'),
    heal: () => server.command('REPLICAOF', 'NO', 'ONE'),
  },
  'out of memory': {
    inject: async () => {
      await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      await server.command('CONFIG', 'SET', 'maxmemory', '1')
    },
    heal: () => server.command('CONFIG', 'SET', 'maxmemory', '0'),
  },
}

describe.each(Object.entries(faults))('while Redis is %s', (_, { inject, heal }) => {
  test('every call is answered in time by the source, and Redis is used again afterwards', async () => {
    const cache = cacheOn(proxy.url, impatient)
    await expectService(cache, 'before')
    await inject()
    await expectService(cache, 'during')
    await heal()
    await untilRecovered(cache)
  })
})

/**
 * Reads `k` until it is gone. Expects that no read which started later than `maxStaleness` after `since`, by the monotonic
 * clock, returned the old value.
 */
async function expectGoneInTime(cache: Cache, since: number): Promise<void> {
  let lastStaleRead = since
  await until('the old value is gone', async () => {
    const startedAt = performance.now()
    const isServed = (await cache.get('k')) !== undefined
    if (isServed) lastStaleRead = startedAt
    return !isServed
  })
  expect(lastStaleRead - since).toBeLessThanOrEqual(cache.stats().maxStaleness)
}

describe('an invalidation while Redis is down', () => {
  test('takes effect in this process at once, and in others when Redis is back', async () => {
    const options = { memory: true }
    const [near, far] = [cacheOn(proxy.url, options), cacheOn(server.url, options)]
    await near.set('k', 'old', { tags: ['t'] })
    await until('the other process has the entry', async () => (await far.get('k')) === 'old')
    proxy.refuse()
    expect((await near.invalidate('t')).outcome).toBe('queued')
    expect(await near.getOrCompute('k', () => 'new')).toBe('new')
    proxy.pass()
    await until(
      'the other process has applied the invalidation',
      async () => (await far.get('k')) === undefined,
    )
    await until('the outbox is empty', () => near.stats().outbox === 0)
  })

  test('of a key has its record forgotten only after the entry is deleted', async () => {
    const store = redisStore({ url: proxy.url, keyRetention: '1ms' })
    const [cache, log] = [cacheOn(proxy.url, { store }), 'larder:{faults}:keys']
    await cache.set('k', 'old')
    await until('the entry is stored', async () => (await server.command('KEYS', '*{k:k}')) !== '')
    const entry = await server.command('KEYS', '*{k:k}')
    proxy.refuse()
    expect((await cache.delete('k')).outcome).toBe('queued')
    proxy.pass()
    await until('the outbox is empty', () => cache.stats().outbox === 0)
    await until('its record is forgotten', async () => (await server.command('EXISTS', log)) === '0')
    // The tombstone alone: the position of the record, in eight bytes.
    expect(await server.command('STRLEN', entry)).toBe('8')
    expect(await cacheOn(server.url).get('k')).toBeUndefined()
  })

  test('whose reply is lost is repeated without harm', async () => {
    const cache = cacheOn(proxy.url)
    await cache.set('k', 'old', { tags: ['t'] })
    proxy.cut('answers')
    expect((await cache.invalidate('t')).outcome).toBe('queued')
    proxy.pass()
    await until('the outbox is empty', () => cache.stats().outbox === 0)
    expect(await cache.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
  })
})

describe('when the memory of Redis is full or emptied,', () => {
  test('invalidations and deletions are still applied at maxmemory', async () => {
    const cache = cacheOn(server.url)
    await cache.set('k', 'old', { tags: ['t'] })
    await faults['out of memory']!.inject()
    expect((await cache.invalidate('t')).outcome).toBe('applied')
    expect(await cache.get('k')).toBeUndefined()
    expect((await cache.delete('other')).outcome).toBe('applied')
  })

  test('an evicted log costs misses and no stale value', async () => {
    const options = { memory: true }
    const [a, b] = [cacheOn(server.url, options), cacheOn(server.url, options)]
    await a.set('k', 'old', { tags: ['t'] })
    await until('the other process has the entry', async () => (await b.get('k')) === 'old')
    await a.invalidate('t')
    for (const name of (await server.command('KEYS', 'larder:{*')).split('\n'))
      await server.command('DEL', name)
    await until(
      'neither cache serves the old value',
      async () => (await a.get('k')) === undefined && (await b.get('k')) === undefined,
    )
    expect(await b.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
  })

  test('an entry in memory is not served later than maxStaleness after a flush', async () => {
    const cache = cacheOn(server.url, { memory: true })
    await cache.set('k', 'old')
    await server.command('FLUSHALL')
    await expectGoneInTime(cache, performance.now())
  })
})

describe('corrupt data', () => {
  test('in an entry is a miss that is counted as unreadable', async () => {
    const cache = cacheOn(server.url)
    await cache.get('connect')
    for (const garbage of ['garbage that is long enough', 'short', '']) {
      await server.command('SET', 'larder:faults:{k:k}', garbage)
      expect(await cache.get('k')).toBeUndefined()
    }
    expect(cache.stats().unreadable).toBe(1)
    expect(await cache.getOrCompute('k', () => 'computed')).toBe('computed')
  })

  test('of another Redis type in an entry makes no call fail', async () => {
    const cache = cacheOn(server.url)
    await server.command('LPUSH', 'larder:faults:{k:k}', 'x')
    expect(await cache.getOrCompute('k', () => 'computed')).toBe('computed')
  })

  test('in the protocol stream costs the connection and makes no call fail', async () => {
    const cache = cacheOn(proxy.url, impatient)
    await cache.set('k', 1)
    proxy.inject('!garbage\r\n')
    await expectService(cache, 'after garbage')
    await untilRecovered(cache)
  })

  test('from replies that are out of step with their commands is never served', async () => {
    const cache = cacheOn(proxy.url)
    const keys = Array.from({ length: 50 }, (_, index) => `k${index}`)
    await cache.setMany(keys.map((key) => [key, `value of ${key}`]))
    proxy.swallowReply()
    for (const key of keys)
      expect(await cache.getOrCompute(key, () => `value of ${key}`)).toBe(`value of ${key}`)
  })
})

describe('lost messages', () => {
  test('are recovered by a sync within maxStaleness', async () => {
    const options = { memory: true }
    const [near, far] = [cacheOn(proxy.url, options), cacheOn(server.url, options)]
    await far.set('k', 'old', { tags: ['t'] })
    await until('this process has the entry', async () => (await near.get('k')) === 'old')
    for (let index = 0; index < 20; index += 1) {
      proxy.reset()
      await far.invalidate(`other ${index}`)
    }
    await far.invalidate('t')
    await expectGoneInTime(near, performance.now())
  })
})

describe('a cache that starts while Redis is down', () => {
  test('answers in bounded time, and uses Redis later', async () => {
    await server.kill()
    const cache = cacheOn(proxy.url, { memory: true, ...impatient })
    await expectService(cache, 'down')
    await server.restart()
    await untilRecovered(cache)
  })

  test('queues an invalidation and delivers it later', async () => {
    proxy.refuse()
    const cache = cacheOn(proxy.url, { memory: true })
    const other = cacheOn(server.url)
    await other.set('k', 'old', { tags: ['t'] })
    expect((await cache.invalidate('t')).outcome).toBe('queued')
    proxy.pass()
    await until('the invalidation has arrived', async () => (await other.get('k')) === undefined)
  })
})

test('errors never contain values or passwords', async () => {
  const cache = cacheOn(server.url.replace('//', '//user:hunter2@'))
  const errors: unknown[] = []
  cache.on('error', ({ error }) => errors.push(error))
  await cache.getOrCompute('secret key', () => 'secret value')
  await until('an error is reported', () => errors.length > 0)
  const text = errors
    .map(
      (error) =>
        `${String(error)} ${JSON.stringify(error)} ${String((error as Error).stack)} ${JSON.stringify(Object.entries(error as object))}`,
    )
    .join()
  for (const secret of ['hunter2', 'secret value']) expect(text).not.toContain(secret)
})

import { describe, expect, test, vi } from 'vitest'
import { createCache, instruments } from '../../src/index'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

const cacheOf = (clock = manualClock()) => createCache({ name: 'shop', store: mapStore(), clock })

describe('each function has its own counts', () => {
  test('a wrapped function, a namespace and reads by key', async () => {
    const cache = cacheOf()
    const loadUser = cache.wrap(async (id: number) => id, { name: 'loadUser' })
    const users = cache.namespace('users')
    const loadRole = users.wrap(async (id: number) => id, { name: 'loadRole' })
    await loadUser(1)
    await loadUser(1)
    await loadRole(1)
    await users.get('absent')
    await cache.getOrCompute('key', () => 1)
    expect(cache.stats().functions).toMatchObject({
      loadUser: { hits: { map: 1 }, misses: 1, hitRatio: 0.5, computes: { value: 1 }, fills: { stored: 1 } },
      'users/loadRole': { hits: {}, misses: 1 },
      'users/*': { misses: 1, missReasons: { absent: 1 }, computes: { value: 0 } },
      '*': { misses: 1, computes: { value: 1 } },
    })
  })

  test('the counts of the cache are their sum', async () => {
    const cache = cacheOf()
    for (const name of ['a', 'b']) {
      const load = cache.wrap(async (id: number) => id, { name })
      for (const id of [1, 1, 2]) await load(id)
    }
    expect(cache.stats()).toMatchObject({
      hits: { map: 2 },
      misses: 4,
      missReasons: { absent: 4 },
      hitRatio: 2 / 6,
      computes: { value: 4 },
    })
  })

  test('the hit ratio of the cache leaves out requests that no rule of HTTP is for, and each has its own', async () => {
    const cache = cacheOf()
    const load = cache.wrap(async (id: number) => id, { name: 'load' })
    for (const id of [1, 1, 2, 2]) await load(id)
    const responses = cache.namespace('http')
    for (const path of ['/live', '/chat']) await responses.get(path)
    const route = responses.countAs('GET /products')
    for (const path of ['/products', '/products']) await route.getOrCompute(path, () => 'page')
    const { functions, hitRatio, misses } = cache.stats()
    expect(hitRatio).toBe(3 / 6)
    expect(misses).toBe(5)
    expect(functions['http/*']).toMatchObject({ misses: 2, hitRatio: 0 })
    expect(responses.stats().hitRatio).toBe(1 / 2)
  })

  test('a read that fails is a miss, of one key as of many', async () => {
    const cache = cacheOf()
    const fail = cache.wrap(() => Promise.reject(new Error('the source is down')), { name: 'fail' })
    const missed: string[] = []
    cache.on('miss', ({ key }) => missed.push(key))
    await Promise.allSettled([fail(), fail()])
    await cache.getManyOrCompute(['a', 'b'], () => Promise.reject(new Error('down'))).catch(() => undefined)
    expect(cache.stats().functions).toMatchObject({
      fail: { misses: 2, joins: 1, hitRatio: 0, computes: { error: 1 } },
      '*': { misses: 2 },
    })
    expect(missed).toEqual(['fail()', 'fail()', 'a', 'b'])
  })

  test('a hit on the fast path and one on the slow path are counted alike', async () => {
    const cache = cacheOf()
    const load = cache.wrap(async (id: number) => id, { name: 'load', key: ([id]) => String(id) })
    await load(1)
    await load(1)
    await cache.getOrCompute('load(1)', () => 2, { consistency: 'strong' })
    expect(cache.stats()).toMatchObject({ hits: { map: 2 }, functions: { load: { hits: { map: 1 } } } })
  })

  test('reads by key can be counted as those of a named function', async () => {
    const cache = cacheOf()
    const searches = cache.countAs('searchProducts')
    await searches.getOrCompute('search:red', () => 1)
    expect(await cache.get('search:red')).toBe(1)
    expect(cache.stats().functions).toMatchObject({
      searchProducts: { misses: 1 },
      '*': { hits: { map: 1 } },
    })
    expect(() => cache.countAs('')).toThrow("Write cache.countAs('searchProducts')")
  })

  test('beyond a hundred names, the rest is counted together', async () => {
    const cache = cacheOf()
    for (let id = 0; id < 150; id += 1) await cache.namespace(`tenant ${id}`).get('absent')
    const { functions, misses } = cache.stats()
    expect(Object.keys(functions)).toHaveLength(101)
    expect(functions['tenant 98/*']).toMatchObject({ misses: 1 })
    expect(functions.other).toMatchObject({ misses: 51 })
    expect(misses).toBe(150)
  })
})

describe('the counts of a function', () => {
  test('sum up the duration of its computations', async () => {
    const clock = manualClock()
    const cache = cacheOf(clock)
    const slow = cache.wrap(async () => clock.advance(1_500), { name: 'slow' })
    await slow()
    await cache.getOrCompute('fast', () => 1)
    expect(cache.stats().functions).toMatchObject({ slow: { computeTime: 1_500 }, '*': { computeTime: 0 } })
  })

  test('say why values were not stored', async () => {
    const cache = cacheOf()
    const reads = cache.countAs('reads')
    await reads.getOrCompute('ttl', () => 1, { ttl: 0 })
    await reads.getOrCompute('cacheIf', () => 1, { cacheIf: () => false })
    await reads.getOrCompute('skip', (context) => context.skip())
    cache.on('warning', () => undefined)
    await reads.getOrCompute('unstorable', () => 1, { tags: () => '' as never })
    await reads.getOrCompute('dependency', () =>
      reads.getOrCompute('unstorable', () => 1, { tags: () => '' }),
    )
    const { skips, fills } = cache.stats().functions.reads ?? {}
    expect(skips).toEqual({ ttl: 1, cacheIf: 1, skip: 1, unstorable: 2, dependency: 1 })
    expect(fills).toMatchObject({ stored: 0, skipped: 6 })
  })

  test('average the age of what is served', async () => {
    const clock = manualClock()
    const cache = cacheOf(clock)
    const load = cache.wrap(async (id: number) => id, { name: 'load', ttl: '1h' })
    await load(1)
    expect(cache.stats().servedAge).toBe(0)
    await clock.advance(60_000)
    for (let read = 0; read < 100; read += 1) await load(1)
    expect(cache.stats().functions.load?.servedAge).toBe(60_000)
    expect(cache.stats().servedAge).toBe(60_000)
  })
})

describe('a namespace', () => {
  test('has the counts of its own reads, and of the namespaces within it', async () => {
    const cache = cacheOf()
    const users = cache.namespace('users')
    await users.get('absent')
    await users.namespace('roles').get('absent')
    await cache.namespace('users of others').get('absent')
    await cache.get('absent')
    expect(users.stats()).toMatchObject({ misses: 2, hitRatio: 0 })
    expect(Object.keys(users.stats().functions)).toEqual(['users/*', 'users/roles/*'])
    expect(cache.stats().misses).toBe(4)
  })

  test('hears the events of its own keys, and those without a key', async () => {
    const cache = cacheOf()
    const users = cache.namespace('users')
    const heard: string[] = []
    users.on('miss', ({ key }) => heard.push(key))
    users.on('warning', ({ message }) => heard.push(message))
    await cache.get('7')
    await users.get('7')
    await users.namespace('roles').get('7')
    cache.warn('a mistake')
    expect(heard).toEqual(['@users/7', '@users/@roles/7', 'a mistake'])
  })
})

test('events name the function', async () => {
  const cache = cacheOf()
  const heard: (string | undefined)[] = []
  for (const name of ['hit', 'miss', 'compute', 'fill'] as const)
    cache.on(name, (event) => heard.push(`${name} of ${event.function}`))
  const load = cache.wrap(async (id: number) => id, { name: 'load' })
  await load(1)
  await load(1)
  expect(heard).toEqual(['compute of load', 'fill of load', 'miss of load', 'hit of load'])
})

test('all metrics of a function together are at most twenty series', async () => {
  const cache = cacheOf()
  const load = cache.wrap(async (id: number) => id, { name: 'load' })
  await load(1)
  await load(1)
  const stats = cache.stats()
  const { load: counts } = stats.functions
  if (counts === undefined) throw new Error('The function has counts.')
  const missReasons = { absent: 1, expired: 1, invalidated: 1, unreadable: 1, unproven: 1, forced: 1 }
  const busiest = { ...counts, missReasons, hits: { map: 1, redis: 1 }, computeP95: 5 }
  const observe = vi.fn()
  for (const instrument of instruments)
    if (instrument.kind !== 'histogram') instrument.read({ ...stats, functions: { load: busiest } }, observe)
  const series = observe.mock.calls.filter(([, labels]) => labels?.['cache.function'] === 'load')
  expect(series.length).toBe(20)
})

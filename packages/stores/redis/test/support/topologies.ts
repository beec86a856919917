import { type Cache, type CacheOptions, createCache, type Store } from '@larder/core'
import { measureOwnTime, until } from '@larder/servers'
import { expect } from 'vitest'

/** A cache that gives up on Redis soon. */
export const cacheOn = (store: Store, options: Partial<CacheOptions> = {}) =>
  createCache({ name: 'topologies', store, storeTimeout: 200, circuitPause: 200, ttl: '1h', ...options })

let probes = 0

/** Expects a computation under a lease, a hit, an invalidation, and bulk reads and writes to work. */
export async function expectEverything(cache: Cache): Promise<void> {
  probes += 1
  const key = `probe ${probes}`
  const compute = () => `value ${probes}`
  expect(await cache.getOrCompute(key, compute, { tags: [key] })).toBe(compute())
  await until('the value is stored', async () => (await cache.get(key)) === compute())
  expect((await cache.invalidate(key)).outcome).toBe('applied')
  expect(await cache.get(key)).toBeUndefined()
  await cache.setMany([1, 2, 3, 4, 5, 6].map((n) => [`${key} ${n}`, n]))
  expect(await cache.getMany([1, 2, 3, 4, 5, 6].map((n) => `${key} ${n}`))).toEqual([1, 2, 3, 4, 5, 6])
  expect((await cache.deleteMany([`${key} 1`, `${key} 2`])).outcome).toBe('applied')
}

/** Resolves to whether everything works, and Redis is used for it. */
export async function worksFully(cache: Cache): Promise<boolean> {
  await expectEverything(cache)
  return cache.stats().circuits.every(({ state }) => state === 'closed')
}

/** Expects every call during a failover to return the right value in time. */
export async function expectServiceDuring(cache: Cache, fault: () => Promise<void>): Promise<void> {
  await fault()
  for (let index = 0; index < 20; index += 1) {
    const { value, took } = await measureOwnTime(() =>
      cache.getOrCompute(`during ${index}`, async () => index),
    )
    expect(value).toBe(index)
    expect(took).toBeLessThan(900)
  }
}

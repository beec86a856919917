// needs: redis
import { type Cache, createCache, type Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { provideRedis, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cacheCommands, cacheModel, virtualClock } from '../../src/index'

const server = provideRedis(beforeAll, afterAll)
let client: Redis

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

const inMemory = (breakCache: (cache: Cache) => Cache = (cache) => cache) =>
  fc.asyncProperty(fc.commands(cacheCommands(), { maxCommands: 40 }), async (commands) => {
    const clock = virtualClock()
    const cache = breakCache(createCache({ name: 'test', store: memoryStore(), clock }))
    await fc.asyncModelRun(() => ({ model: cacheModel(), real: { cache, advance: clock.advance } }), commands)
    await cache.close()
  })

let names = 0

/** Without waits: time on a real server cannot be advanced. */
const onRedis = (makeStore: () => Store) =>
  fc.asyncProperty(fc.commands(cacheCommands({ waits: [] }), { maxCommands: 30 }), async (commands) => {
    names += 1
    // The model has no failures, but a stall of the event loop longer than storeTimeout is counted as a failure of the store.
    await using cache = createCache({ name: `model ${names}`, store: makeStore(), storeTimeout: '1m' })
    // Entries stored before the cache has read its log for the first time are not shared.
    await until('the cache has read its log', () => cache.stats().lag < Number.POSITIVE_INFINITY)
    await fc.asyncModelRun(
      () => ({ model: cacheModel(), real: { cache, advance: async () => undefined } }),
      commands,
    )
  })

describe('a cache behaves like the model', () => {
  test('in memory, while time advances', () => fc.assert(inMemory(), { numRuns: 200 }))
  test('on Redis', () =>
    fc.assert(
      onRedis(() => redisStore({ client })),
      { numRuns: 40 },
    ))
  test('in memory before Redis', () =>
    fc.assert(
      onRedis(() => tieredStore([memoryStore(), redisStore({ client })])),
      { numRuns: 40 },
    ))
})

describe('the commands detect a cache that', () => {
  const broken: Record<string, (cache: Cache) => Cache> = {
    'forgets to invalidate': (cache) => ({
      ...cache,
      invalidate: async () => ({ outcome: 'applied', token: undefined }),
    }),
    'never expires an entry': (cache) => ({
      ...cache,
      set: (key, value, options) => cache.set(key, value, { ...options, ttl: '30d' }),
    }),
    'returns getMany in reverse order': (cache) => ({
      ...cache,
      getMany: async (keys) => (await cache.getMany(keys)).toReversed() as never,
    }),
    'does not store computed values': (cache) => ({
      ...cache,
      getOrCompute: async (_key, compute) => (await (compute as () => unknown)()) as never,
    }),
  }

  test.each(Object.entries(broken))('%s', async (_, breakCache) => {
    const { failed } = await fc.check(inMemory(breakCache), { numRuns: 3_000 })
    expect(failed).toBe(true)
  })
})

import { type Cache, createCache, type Store } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cacheCommands, cacheModel, virtualClock } from '../../src/index'

let server: RedisServer
let client: Redis

beforeAll(async () => {
  server = await startRedis()
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
  await server.close()
})

const inMemory = (break_: (cache: Cache) => Cache = (cache) => cache) =>
  fc.asyncProperty(fc.commands(cacheCommands(), { maxCommands: 40 }), async (commands) => {
    const clock = virtualClock()
    const cache = break_(createCache({ name: 'test', store: memoryStore(), clock }))
    await fc.asyncModelRun(() => ({ model: cacheModel(), real: { cache, advance: clock.advance } }), commands)
    await cache.close()
  })

let names = 0

/** On a real server no time can be made to pass. */
const onRedis = (makeStore: () => Store) =>
  fc.asyncProperty(fc.commands(cacheCommands({ waits: [] }), { maxCommands: 30 }), async (commands) => {
    names += 1
    // The model knows no failures, and a pause of this process beyond storeTimeout counts as one (gate.ts in @larder/core).
    await using cache = createCache({ name: `model ${names}`, store: makeStore(), storeTimeout: '1m' })
    // Before a cache has met its log, what it stores is its own affair.
    await until('it has met its log', () => cache.stats().lag < Number.POSITIVE_INFINITY)
    await fc.asyncModelRun(
      () => ({ model: cacheModel(), real: { cache, advance: async () => undefined } }),
      commands,
    )
  })

describe('a cache does what the model does', () => {
  test('in memory, while time passes', () => fc.assert(inMemory(), { numRuns: 200 }))
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

describe('a cache is found out that', () => {
  const broken: Record<string, (cache: Cache) => Cache> = {
    'forgets to invalidate': (cache) => ({
      ...cache,
      invalidate: async () => ({ outcome: 'applied', token: undefined }),
    }),
    'never lets an entry end': (cache) => ({
      ...cache,
      set: (key, value, options) => cache.set(key, value, { ...options, ttl: '30d' }),
    }),
    'answers in another order': (cache) => ({
      ...cache,
      getMany: async (keys) => (await cache.getMany(keys)).toReversed() as never,
    }),
    'does not store what it computes': (cache) => ({
      ...cache,
      getOrCompute: async (_key, compute) => (await (compute as () => unknown)()) as never,
    }),
  }

  test.each(Object.entries(broken))('%s', async (_, break_) => {
    const { failed } = await fc.check(inMemory(break_), { numRuns: 3_000 })
    expect(failed).toBe(true)
  })
})

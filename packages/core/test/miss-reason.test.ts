import { describe, expect, test } from 'vitest'
import { type Cache, createCache, type MissReason, type ReadOptions } from '../src/index'
import { alteredStore } from './support/altered-store'
import { manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

type Read = (cache: Cache, options?: ReadOptions) => Promise<unknown>

const reads: Readonly<Record<string, Read>> = {
  get: (cache, options) => cache.get('k', options),
  getMany: (cache, options) => cache.getMany(['k'], options),
  has: (cache, options) => cache.has('k', options),
  getOrCompute: (cache, options) => cache.getOrCompute('k', () => 2, options),
}

/** A process with a shared store, and the reasons of its misses. */
async function subject({ local }: { local: boolean }) {
  const clock = manualClock()
  const connection = createWire()
  const world = createWorld(clock)
  const cache = createCache({
    name: 'test',
    store: world.store({ local, wire: connection }),
    clock,
    ttl: '10s',
  })
  await clock.advance(1_000)
  const reasons: MissReason[] = []
  cache.on('miss', ({ reason }) => reasons.push(reason))
  const store = async () => {
    await cache.set('k', 1, { tags: ['t'], staleIfError: '1h' })
    await clock.advance(100)
  }
  return { cache, clock, connection, world, reasons, store }
}

describe.each([true, false])('with a local tier: %s', (local) => {
  describe.each(Object.entries(reads))('a miss of %s has the reason', (_, read) => {
    /** The reason of one read, which `explain` has to confirm. */
    async function reasonOf({ cache, reasons }: Awaited<ReturnType<typeof subject>>) {
      const explained = await cache.explain('k')
      await read(cache)
      expect(reasons).toEqual([explained.reason])
      expect(cache.stats().misses).toBe(1)
      return explained.reason
    }

    test('absent if no tier has an entry', async () => {
      expect(await reasonOf(await subject({ local }))).toBe('absent')
    })

    test('expired after the ttl', async () => {
      const process = await subject({ local })
      await process.store()
      await process.clock.advance(20_000)
      expect(await reasonOf(process)).toBe('expired')
    })

    test('invalidated after an invalidation of a tag', async () => {
      const process = await subject({ local })
      await process.store()
      await process.cache.invalidate('t')
      expect(await reasonOf(process)).toBe('invalidated')
    })

    test('unproven if the log cannot be reached for a strong read', async () => {
      const { cache, connection, reasons, store } = await subject({ local })
      await store()
      connection.mode = 'fail'
      await read(cache, { consistency: 'strong' })
      expect(reasons).toEqual(['unproven'])
    })

    test('unproven if the log cannot be reached for a read after a token', async () => {
      const { cache, connection, reasons, store, world, clock } = await subject({ local })
      const other = createCache({ name: 'test', store: world.store(), clock })
      await store()
      connection.mode = 'fail'
      connection.isDeaf = true
      const { token } = await other.invalidate('another')
      await read(cache, { after: token })
      expect(reasons).toEqual(['unproven'])
    })
  })
})

describe.each(Object.entries(reads))('a miss of %s has the reason', (_, read) => {
  test('unreadable if the bytes of the only entry are garbage', async () => {
    const { cache, world, reasons, store } = await subject({ local: false })
    await store()
    world.entries.set('k', new TextEncoder().encode('nothing but garbage'))
    const explained = await cache.explain('k')
    await read(cache)
    expect([explained.reason, ...reasons]).toEqual(['unreadable', 'unreadable'])
    expect(explained.summary).toMatch(/cannot be read: garbage/)
  })

  test('unproven if this process is not current and its entry is older than maxStaleness', async () => {
    const { cache, clock, connection, reasons, store } = await subject({ local: true })
    await store()
    connection.mode = 'fail'
    await clock.advance(5_000)
    const explained = await cache.explain('k')
    await read(cache)
    expect([explained.reason, ...reasons]).toEqual(['unproven', 'unproven'])
  })
})

test('a miss of a read with fresh: true has the reason forced', async () => {
  const { cache, reasons, store } = await subject({ local: true })
  await store()
  await cache.getOrCompute('k', () => 2, { fresh: true })
  expect(reasons).toEqual(['forced'])
})

test.each(['get', 'getMany', 'has'])('%s misses a softly invalidated entry as invalidated', async (name) => {
  const { cache, reasons, store } = await subject({ local: true })
  await store()
  await cache.invalidate('t', { mode: 'soft' })
  await reads[name]?.(cache)
  expect(reasons).toEqual(['invalidated'])
  expect(await cache.explain('k')).toMatchObject({ outcome: 'stale', reason: 'invalidated' })
})

test('a remembered error is not a value: get misses it as absent', async () => {
  const { cache, clock, reasons } = await subject({ local: true })
  const failure = new Error('away')
  const failing = () => Promise.reject(failure)
  await expect(cache.getOrCompute('k', failing, { errorTtl: '5s' })).rejects.toBe(failure)
  await clock.advance(100)
  reasons.length = 0
  expect(await cache.get('k')).toBe(undefined)
  expect(reasons).toEqual(['absent'])
})

test('a miss keeps its reason if only a shared tier had an entry', async () => {
  const { cache, clock, world, reasons } = await subject({ local: false })
  const read = async () => {
    await cache.getOrCompute('k', () => 1, { tags: ['t'], staleIfError: '1h' })
    await clock.advance(100)
  }
  await read()
  await clock.advance(20_000)
  await read()
  await cache.invalidate('t')
  await read()
  for (const [key] of world.entries) world.entries.set(key, new TextEncoder().encode('nothing but garbage'))
  await read()
  expect(reasons).toEqual(['absent', 'expired', 'invalidated', 'unreadable'])
})

describe('explain judges an entry as a read does', () => {
  test('if another server has taken over the log since the last sync', async () => {
    const { cache, clock, connection, world } = await subject({ local: false })
    const other = createCache({ name: 'test', store: world.store({ local: false }), clock, ttl: '10s' })
    await clock.advance(100)
    connection.isDeaf = true
    world.failOver(world.position)
    await other.invalidate('another')
    await other.set('k', 1)
    await clock.advance(100)
    expect(await cache.explain('k')).toMatchObject({ outcome: 'hit', reason: undefined })
    expect(await cache.get('k')).toBe(1)
  })

  test('if the log has forgotten invalidations of keys that the tier of the entry may have missed', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const store = alteredStore(world.store({ local: false }), () => ({ isApartFromLog: true }))
    const cache = createCache({ name: 'test', store, clock, ttl: '1h' })
    const reasons: MissReason[] = []
    cache.on('miss', ({ reason }) => reasons.push(reason))
    await clock.advance(100)
    await cache.set('k', 1)
    await clock.advance(100)
    await cache.delete('another')
    world.forgetKeys()
    await clock.advance(5_000)
    expect(await cache.touch('k', '1h')).toBe(false)
    const explained = await cache.explain('k')
    expect(await cache.get('k')).toBe(undefined)
    expect([explained.reason, ...reasons]).toEqual(['invalidated', 'invalidated'])
    expect(explained.summary).toMatch(/ended by an invalidation that the log no longer holds/)
  })
})

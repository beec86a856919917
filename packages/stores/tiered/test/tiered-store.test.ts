import { createCache, type OpenStore, type SharedTier, type Store } from '@larder/core'
import { createEntryCodec } from '@larder/core/encoding'
import { memoryStore } from '@larder/memory'
import { describe, expect, test } from 'vitest'
import { tieredStore } from '../src/index'
import { countingLog } from './support/counting-log'

/** A store with one shared tier, which keeps bytes in a Map and counts its reads. */
function createSharedMap(name: string) {
  const bytes = new Map<string, Uint8Array>()
  const keptFor: number[] = []
  let reads = 0
  const tier: SharedTier = {
    name,
    createCodec: createEntryCodec,
    maxTtl: Number.POSITIVE_INFINITY,
    async get(keys) {
      reads += 1
      return keys.map((key) => bytes.get(key))
    },
    async set(writes) {
      for (const write of writes) {
        bytes.set(write.key, write.bytes)
        keptFor.push(write.keepFor)
      }
    },
    async delete(keys) {
      for (const key of keys) bytes.delete(key)
    },
    scan: async () => ({ keys: [...bytes.keys()], cursor: undefined }),
    reset: () => undefined,
  }
  let isClosed = false
  const store: Store = {
    open: (): OpenStore => ({
      shared: [tier],
      log: countingLog(),
      close: async () => {
        isClosed = true
      },
    }),
  }
  return {
    store,
    bytes,
    keptFor,
    get reads() {
      return reads
    },
    get isClosed() {
      return isClosed
    },
  }
}

describe('tieredStore', () => {
  test('fills the nearer tiers after a hit, for the rest of the entry’s freshness', async () => {
    const [near, far] = [createSharedMap('near'), createSharedMap('far')]
    const cache = createCache({ name: 'test', store: tieredStore([memoryStore(), near.store, far.store]) })
    await cache.set('k', 'value', { ttl: '1h' })
    near.bytes.clear()
    near.keptFor.length = 0
    const other = createCache({ name: 'test', store: tieredStore([memoryStore(), near.store, far.store]) })
    // Each cache has a log of its own here. This one is empty, so the entry counts as valid.
    expect(await other.get('k')).toBe('value')
    await expect.poll(() => near.bytes.has('k')).toBe(true)
    expect(near.keptFor[0]).toBeLessThanOrEqual(3_600_000)
    expect(other.peek('k')?.value).toBe('value')
    expect(other.stats().hits).toEqual({ far: 1 })
  })

  test('reads tiers from near to far and stops at the first fresh entry', async () => {
    const [near, far] = [createSharedMap('near'), createSharedMap('far')]
    const cache = createCache({ name: 'test', store: tieredStore([near.store, far.store]) })
    await cache.set('k', 1)
    const before = far.reads
    expect(await cache.get('k')).toBe(1)
    expect([near.reads > 0, far.reads]).toEqual([true, before])
  })

  test('composes several memory stores, and copies a hit in a far one to the nearer one', async () => {
    const cache = createCache({
      name: 'test',
      store: tieredStore([memoryStore({ maxEntries: 1 }), memoryStore()]),
    })
    await cache.set('a', 1)
    await cache.set('b', 2)
    expect(await cache.getMany(['a', 'b'])).toEqual([1, 2])
    await cache.delete('a')
    expect(await cache.getMany(['a', 'b'])).toEqual([undefined, 2])
    expect(cache.stats().usage).toMatchObject({ maxEntries: 10_001 })
  })

  test('closes every store when the cache closes', async () => {
    const tiers = [createSharedMap('near'), createSharedMap('far')]
    const cache = createCache({ name: 'test', store: tieredStore(tiers.map(({ store }) => store)) })
    await cache.close()
    expect(tiers.map(({ isClosed }) => isClosed)).toEqual([true, true])
  })

  test('rejects a memory store after a shared store', () => {
    expect(() =>
      createCache({ name: 'test', store: tieredStore([createSharedMap('near').store, memoryStore()]) }),
    ).toThrow(/from near to far/)
  })
})

test('a second argument is refused with the place where options go', () => {
  const untyped = tieredStore as unknown as (...given: unknown[]) => unknown
  expect(() => untyped([memoryStore()], { ttl: '1m' })).toThrow(/the list of stores alone; got an object too/)
})

test.each<[stores: unknown, message: RegExp]>([
  [undefined, /needs a list with at least one store.*got undefined/],
  [{ l1: memoryStore(), l2: memoryStore() }, /needs a list.*got an object/],
  [[], /got an empty list/],
  [[memoryStore(), undefined], /item 2 is undefined\. Leave out a store that is not configured/],
  [[memoryStore(), ''], /item 2 is an empty string/],
  [[memoryStore], /item 1 is the function memoryStore/],
  [memoryStore(), /needs a list.*got an object/],
])('tieredStore(%o) answers with what to write', (stores, message) => {
  expect(() => tieredStore(stores as never)).toThrow(message)
})

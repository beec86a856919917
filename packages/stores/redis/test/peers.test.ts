// needs: redis
import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { provideRedis, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'

/** Faults that were measured in other caches for Node, tested on a real Redis with two caches as in two processes. */
const server = provideRedis(beforeAll, afterAll)
let cacheCount = 0
const open: Cache[] = []

afterEach(async () => void (await Promise.all(open.splice(0).map((cache) => cache.close()))))

/** Two caches as in two processes: each has its own memory, and they share one Redis. */
async function openPair(): Promise<[Cache, Cache]> {
  cacheCount += 1
  const caches = [1, 2].map(() =>
    createCache({
      name: `peers ${cacheCount}`,
      store: tieredStore([memoryStore(), redisStore({ url: server.url })]),
      ttl: '1h',
    }),
  ) as [Cache, Cache]
  open.push(...caches)
  await Promise.all(caches.map((cache) => cache.get('connect')))
  return caches
}

const untilStored = async (cache: Cache, key: string) =>
  until(`${key} is stored`, async () => (await cache.get(key)) !== undefined)

/** A source that is read immediately, and whose result resolves when `answer` is called. */
function createSlowSource<T>(read: () => T) {
  let resolveRead: (() => void) | undefined
  const compute = () => {
    const result = read()
    return new Promise<T>((resolve) => {
      resolveRead = () => resolve(result)
    })
  }
  return { compute, isRead: () => resolveRead !== undefined, answer: () => resolveRead?.() }
}

describe('in the stale-set race,', () => {
  test.each(['tag', 'key'] as const)(
    'an invalidation by %s in another process keeps the result of a running computation out of the cache',
    async (scope) => {
      const [a, b] = await openPair()
      let row = 'old'
      const source = createSlowSource(() => row)
      const slow = a.getOrCompute('k', source.compute, { tags: ['t'] })
      await until('the source was read', source.isRead)
      row = 'new'
      await (scope === 'tag' ? b.invalidate('t') : b.delete('k'))
      source.answer()
      expect(await slow).toBe('old')
      expect(await b.getOrCompute('k', () => row, { tags: ['t'] })).toBe('new')
      await until(
        'the first process serves the new value',
        async () => (await a.getOrCompute('k', () => row, { tags: ['t'] })) === 'new',
      )
    },
  )

  test('a tag invalidated and filled again by another process leaves no stale entry in memory', async () => {
    const [a, b] = await openPair()
    await a.set('k', 'old', { tags: ['t'] })
    await untilStored(b, 'k')
    await b.invalidate('t')
    await b.getOrCompute('k', () => 'new', { tags: ['t'] })
    await until(
      'the stale entry is gone from memory',
      async () => (await a.getOrCompute('k', () => 'new', { tags: ['t'] })) === 'new',
    )
  })
})

describe('a value', () => {
  test.each([0, '', false, null])('of %o is a hit in another process', async (value) => {
    const [a, b] = await openPair()
    await a.getOrCompute('k', () => value)
    await until('the entry is stored', () => b.has('k'))
    expect(await b.getOrCompute<unknown>('k', () => 'computed again')).toBe(value)
  })

  test('with Date, Map, Set, BigInt, Buffer, NaN and undefined is deserialized as it was', async () => {
    const [a, b] = await openPair()
    const value = {
      date: new Date(0),
      map: new Map([['a', 1n]]),
      set: new Set([1]),
      bytes: Buffer.from('abc'),
      nan: Number.NaN,
      nothing: undefined,
    }
    await a.set('k', value)
    expect(await b.get('k')).toStrictEqual(value)
  })

  test('that is a cached error is thrown in another process, not returned', async () => {
    const [a, b] = await openPair()
    const failing = () => Promise.reject(Object.assign(new Error('down'), { code: 'E_DOWN' }))
    await expect(a.getOrCompute('k', failing, { errorTtl: '1m' })).rejects.toThrow('down')
    await until('the other process has the cached error', async () => {
      const outcome = await b
        .getOrCompute<unknown>('k', () => 'computed', { ttl: 0 })
        .catch((error: unknown) => error)
      return outcome instanceof Error && (outcome as { code?: string }).code === 'E_DOWN'
    })
  })
})

describe('a read', () => {
  test('of many keys returns the values in the order of the keys', async () => {
    const [a, b] = await openPair()
    await a.setMany(['a', 'b', 'c'].map((key) => [key, key]))
    expect(await b.getMany(['c', 'a', 'x', 'b'])).toEqual(['c', 'a', undefined, 'b'])
  })

  test('that fills memory from Redis keeps the remaining ttl', async () => {
    const [a, b] = await openPair()
    await a.set('k', 'value', { ttl: '1h' })
    const { createdAt, freshUntil } = a.peek('k')!
    await until('part of the ttl is over', () => Date.now() > createdAt.getTime() + 100)
    expect(await b.get('k')).toBe('value')
    expect(b.peek('k')).toMatchObject({ createdAt, freshUntil })
    expect(freshUntil.getTime() - createdAt.getTime()).toBe(3_600_000)
  })

  test('with `has` is false after a tag is invalidated', async () => {
    const [a] = await openPair()
    await a.set('k', 1, { tags: ['t'] })
    await a.invalidate('t')
    expect(await a.has('k')).toBe(false)
  })
})

describe('a clear or delete', () => {
  test('of a namespace with glob characters in its name leaves other namespaces alone', async () => {
    const [a] = await openPair()
    const [glob, neighbour] = [a.namespace('u[1]*'), a.namespace('u1')]
    await Promise.all([glob.set('k', 1), neighbour.set('k', 2)])
    await glob.clear()
    expect([await glob.get('k'), await neighbour.get('k')]).toEqual([undefined, 2])
  })

  test('leaves the keys of other applications alone', async () => {
    const [a] = await openPair()
    await server.command('SET', 'another application', 'value')
    await a.set('k', 1)
    await a.clear()
    await a.sweep()
    expect(await server.command('GET', 'another application')).toBe('value')
  })

  test('of the key "0" deletes only that key', async () => {
    const [a] = await openPair()
    await a.setMany([
      ['0', 'zero'],
      ['1', 'one'],
    ])
    await a.delete('0')
    expect(await a.getMany(['0', '1'])).toEqual([undefined, 'one'])
  })
})

test('a thousand concurrent invalidations of one tag get a thousand different positions', async () => {
  const [a, b] = await openPair()
  const results = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? a : b).invalidate('t')),
  )
  expect(new Set(results.map(({ token }) => token)).size).toBe(1_000)
})

test('an invalidated entry stays invalid after its record is dropped from a full log', async () => {
  cacheCount += 1
  const store = () => redisStore({ url: server.url, maxLogRecords: 50 })
  const [a, b] = [1, 2].map(() =>
    createCache({ name: `peers ${cacheCount}`, store: store(), ttl: '30d' }),
  ) as [Cache, Cache]
  open.push(a, b)
  await a.set('k', 'old', { tags: ['t'] })
  await a.invalidate('t')
  for (let index = 0; index < 120; index += 1) await a.invalidate(`other ${index}`)
  expect(await b.get('k')).toBeUndefined()
})

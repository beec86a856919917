import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type RedisServer, startRedis, until } from '@larder/servers'
import { tieredStore } from '@larder/tiered'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { unhurried } from './support/unhurried'

/** What was measured to go wrong in other caches for Node, each at a real Redis and between two processes' worth of caches. */
let server: RedisServer
let names = 0
const open: Cache[] = []

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())
afterEach(async () => void (await Promise.all(open.splice(0).map((cache) => cache.close()))))

/** Two processes: memory in each, one Redis behind both. */
async function pair(): Promise<[Cache, Cache]> {
  names += 1
  const caches = [1, 2].map(() =>
    createCache({
      name: `peers ${names}`,
      store: tieredStore([memoryStore(), redisStore({ url: server.url })]),
      ttl: '1h',
      ...unhurried,
    }),
  ) as [Cache, Cache]
  open.push(...caches)
  await Promise.all(caches.map((cache) => cache.get('connect')))
  return caches
}

const settled = async (cache: Cache, key: string) =>
  until(`${key} is stored`, async () => (await cache.get(key)) !== undefined)

/** A source that is read at once and answers later. */
function slowSource<T>(read: () => T) {
  let answer: (() => void) | undefined
  const value = () => {
    const seen = read()
    return new Promise<T>((resolve) => {
      answer = () => resolve(seen)
    })
  }
  return { value, isRead: () => answer !== undefined, answer: () => answer?.() }
}

describe('the stale-set race', () => {
  test.each(['tag', 'key'] as const)(
    'an invalidation by %s in another process, while a computation runs here',
    async (by) => {
      const [a, b] = await pair()
      let row = 'old'
      const source = slowSource(() => row)
      const slow = a.getOrCompute('k', source.value, { tags: ['t'] })
      await until('the source was read', source.isRead)
      row = 'new'
      await (by === 'tag' ? b.invalidate('t') : b.delete('k'))
      source.answer()
      expect(await slow).toBe('old')
      expect(await b.getOrCompute('k', () => row, { tags: ['t'] })).toBe('new')
      await until(
        'the first process serves it too',
        async () => (await a.getOrCompute('k', () => row, { tags: ['t'] })) === 'new',
      )
    },
  )

  test('a tag that is invalidated and filled again elsewhere leaves no old copy in the memory here', async () => {
    const [a, b] = await pair()
    await a.set('k', 'old', { tags: ['t'] })
    await settled(b, 'k')
    await b.invalidate('t')
    await b.getOrCompute('k', () => 'new', { tags: ['t'] })
    await until(
      'the other memory follows',
      async () => (await a.getOrCompute('k', () => 'new', { tags: ['t'] })) === 'new',
    )
  })
})

describe('values', () => {
  test.each([0, '', false, null])('%o is a hit in the other process as well', async (value) => {
    const [a, b] = await pair()
    await a.getOrCompute('k', () => value)
    await until('it is stored', () => b.has('k'))
    expect(await b.getOrCompute<unknown>('k', () => 'computed again')).toBe(value)
  })

  test('Date, Map, Set, BigInt, Buffer, NaN and undefined come back from Redis as they were', async () => {
    const [a, b] = await pair()
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

  test('a remembered error is thrown in the other process, not returned', async () => {
    const [a, b] = await pair()
    const failing = () => Promise.reject(Object.assign(new Error('down'), { code: 'E_DOWN' }))
    await expect(a.getOrCompute('k', failing, { errorTtl: '1m' })).rejects.toThrow('down')
    await until('it is remembered there', async () => {
      const outcome = await b
        .getOrCompute<unknown>('k', () => 'computed', { ttl: 0 })
        .catch((error: unknown) => error)
      return outcome instanceof Error && (outcome as { code?: string }).code === 'E_DOWN'
    })
  })
})

describe('reading', () => {
  test('many keys come in the order asked for', async () => {
    const [a, b] = await pair()
    await a.setMany(['a', 'b', 'c'].map((key) => [key, key]))
    expect(await b.getMany(['c', 'a', 'x', 'b'])).toEqual(['c', 'a', undefined, 'b'])
  })

  test('memory filled from Redis keeps what is left of the ttl, not a new one', async () => {
    const [a, b] = await pair()
    await a.set('k', 'value', { ttl: '1h' })
    const { createdAt, freshUntil } = a.peek('k')!
    await until('some of it is over', () => Date.now() > createdAt.getTime() + 100)
    expect(await b.get('k')).toBe('value')
    expect(b.peek('k')).toMatchObject({ createdAt, freshUntil })
    expect(freshUntil.getTime() - createdAt.getTime()).toBe(3_600_000)
  })

  test('`has` is false once a tag was invalidated', async () => {
    const [a] = await pair()
    await a.set('k', 1, { tags: ['t'] })
    await a.invalidate('t')
    expect(await a.has('k')).toBe(false)
  })
})

describe('clearing', () => {
  test('a namespace whose name holds glob characters clears itself and no neighbour', async () => {
    const [a] = await pair()
    const [glob, neighbour] = [a.namespace('u[1]*'), a.namespace('u1')]
    await Promise.all([glob.set('k', 1), neighbour.set('k', 2)])
    await glob.clear()
    expect([await glob.get('k'), await neighbour.get('k')]).toEqual([undefined, 2])
  })

  test('clearing leaves the keys of other applications alone', async () => {
    const [a] = await pair()
    await server.command('SET', 'another application', 'value')
    await a.set('k', 1)
    await a.clear()
    await a.sweep()
    expect(await server.command('GET', 'another application')).toBe('value')
  })

  test('deleting the key "0" deletes that key alone', async () => {
    const [a] = await pair()
    await a.setMany([
      ['0', 'zero'],
      ['1', 'one'],
    ])
    await a.delete('0')
    expect(await a.getMany(['0', '1'])).toEqual([undefined, 'one'])
  })
})

test('a thousand invalidations of one tag at once are a thousand, in one order', async () => {
  const [a, b] = await pair()
  const results = await Promise.all(
    Array.from({ length: 1_000 }, (_, at) => (at % 2 === 0 ? a : b).invalidate('t')),
  )
  expect(new Set(results.map(({ token }) => token)).size).toBe(1_000)
})

test('an entry outlives no record that ended it: the oldest forgotten records cost misses', async () => {
  names += 1
  const store = () => redisStore({ url: server.url, maxLogRecords: 50 })
  const [a, b] = [1, 2].map(() =>
    createCache({ name: `peers ${names}`, store: store(), ttl: '30d', ...unhurried }),
  ) as [Cache, Cache]
  open.push(a, b)
  await a.set('k', 'old', { tags: ['t'] })
  await a.invalidate('t')
  for (let at = 0; at < 120; at += 1) await a.invalidate(`other ${at}`)
  expect(await b.get('k')).toBeUndefined()
})

// needs: redis
import { type Cache, type CacheOptions, createCache } from '@larder/core'
import { encryption } from '@larder/core/encoding'
import { provideRedis, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { namesOf } from '../src/names'

const server = provideRedis(beforeAll, afterAll)
/** Used by the caches, and by somebody else. */
let client: Redis

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

const sealer = encryption({ keys: [{ id: 1, secret: new Uint8Array(32).fill(7) }] })
const openCache = (name: string, options: Partial<CacheOptions> = {}) =>
  createCache({ name, store: redisStore({ client }), ttl: '1h', storeTimeout: '1m', sealer, ...options })

const bytesOf = async (name: string) => (await client.getBuffer(name)) ?? Buffer.alloc(0)

/** Publishes a record that follows directly on what the log has, as if it had been appended. */
async function forgePush(name: string, member: string): Promise<void> {
  const { log, push } = namesOf('larder', name)
  const [id, term, position] = await client.hmget(log[0], 'log', 'term', 'position')
  await client.publish(push, `v2 ${id} ${term} ${position} ${Number(position) + 1} ["${member}"]`)
}

async function isHit(cache: Cache, key: string): Promise<boolean> {
  await cache.getOrCompute(key, () => 'value')
  return (await cache.get(key)) === 'value'
}

describe('another client of the Redis of a cache with a sealer', () => {
  test('can read keys and tags, but no values', async () => {
    const { entry, log } = namesOf('larder', 'reading')
    await using cache = openCache('reading')
    await cache.set('user:7', { card: 'a secret number' }, { tags: ['customer'] })
    const bytes = await bytesOf(entry('user:7'))
    expect(bytes.includes('customer')).toBe(true)
    expect(bytes.includes('secret')).toBe(false)
    expect(await client.zrange(log[2], '0', '-1')).toEqual(['Kuser:7'])
  })

  test('cannot pin an entry by a position of the far future: the next value replaces it, and a deletion removes it', async () => {
    const { entry } = namesOf('larder', 'pinned')
    const farFuture = Buffer.from('001fffffffffffff', 'hex')
    await using cache = openCache('pinned')
    for (const key of ['replaced', 'deleted']) {
      await cache.set(key, 'old')
      await client.setrange(entry(key), 0, farFuture)
    }
    await cache.set('replaced', 'new')
    await cache.delete('deleted')
    expect(await cache.get('replaced')).toBe('new')
    for (const key of ['replaced', 'deleted'])
      expect((await bytesOf(entry(key))).subarray(0, 8)).not.toEqual(farFuture)
  })

  test('cannot change an entry, or make it another one', async () => {
    const { entry } = namesOf('larder', 'changing')
    await using cache = openCache('changing')
    const reasons: string[] = []
    cache.on('unreadable', ({ reason }) => reasons.push(reason))
    await cache.set('a', 1)
    await cache.set('b', 2)
    await client.set(entry('b'), await bytesOf(entry('a')))
    expect(await cache.get('b')).toBeUndefined()
    const bytes = await bytesOf(entry('a'))
    bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1)
    await client.set(entry('a'), bytes)
    expect(await cache.get('a')).toBeUndefined()
    expect(reasons).toEqual(['wrong-key', 'seal-broken'])
  })

  test('can end entries in every process, but not for long', async () => {
    await using cache = openCache('ending')
    await until('the process is current', () => isHit(cache, 'k'))
    await until('the entry has ended', async () => {
      // A process may be current before its subscription is: what is not in the log, it hears then or never.
      await forgePush('ending', 'A')
      return (await cache.get('k')) === undefined
    })
    await until('entries are stored again', () => isHit(cache, 'k'))
    await client.del(...namesOf('larder', 'ending').log)
    await until('entries are stored on the new log', () => isHit(cache, 'other'))
  })

  test('can put an older entry back, which processes read that start after its invalidation was hidden', async () => {
    const { entry, log } = namesOf('larder', 'replaying')
    await using cache = openCache('replaying')
    await cache.set('role', 'admin')
    const bytes = await bytesOf(entry('role'))
    const position = String(await client.zscore(log[2], 'Krole'))
    await cache.set('role', 'guest')
    await client.set(entry('role'), bytes)
    expect(await cache.get('role')).toBeUndefined()
    await client.set(entry('role'), bytes)
    await client.zadd(log[2], position, 'Krole')
    expect(await cache.get('role')).toBeUndefined()
    await client.set(entry('role'), bytes)
    await using later = openCache('replaying')
    expect(await later.get('role')).toBe('admin')
  })

  test('cannot keep a value from being computed by a lease without end', async () => {
    await using cache = openCache('leases')
    await client.set(namesOf('larder', 'leases').lease('k'), 'of nobody')
    let runs = 0
    const compute = () => {
      runs += 1
      return 'value'
    }
    expect(await cache.getOrCompute('k', compute)).toBe('value')
    expect(runs).toBe(1)
  })
})

test('a user who may not call INFO has every feature, and a log that does not name its server', async () => {
  await server.command('ACL', 'SETUSER', 'few', 'on', '>few', '~*', '&*', '+@all', '-info')
  const few = new Redis(server.port, { username: 'few', password: 'few' })
  const store = redisStore({ client: few })
  await using cache = openCache('few', { store })
  await cache.set('k', 'old', { tags: ['t'] })
  expect((await cache.invalidate('t')).outcome).toBe('applied')
  expect(await cache.get('k')).toBeUndefined()
  const [terms, position] = await client.hmget(namesOf('larder', 'few').log[0], 'terms', 'position')
  expect(terms).toMatch(/^\d+:\d+:$/)
  expect(Number(position)).toBeGreaterThan(0)
  await cache.close()
  few.disconnect()
})

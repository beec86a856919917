// needs: redis
import { createCache } from '@larder/core'
import { provideRedis, until } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { namesOf } from '../src/names'

/** An entry of the key `user:42` as the version before terms wrote it: `{ name: 'Ada', born: 1815 }`. */
const previousEntry = Buffer.from(
  '000660bdd90d902b240079790c0b0b5bbd38c33f030e757365723a34320a6f72673a37087573657282a46e616d65a3416461a4626f726ecd0717',
  'hex',
)

const server = provideRedis(beforeAll, afterAll)
let client: Redis

beforeAll(async () => {
  client = new Redis(server.port)
})

afterAll(async () => {
  client.disconnect()
})

const openCache = (name: string) => createCache({ name, store: redisStore({ client }), ttl: '1h' })

/** Appends a record as the previous version does: by its own fields of the head, and with its own kind of push. */
async function appendAsPreviousVersion(name: string, member: string): Promise<void> {
  const { log, push } = namesOf('larder', name)
  const [head, tags] = log
  const [seconds = 0, micros = 0] = await client.time()
  const position = String(Number(seconds) * 1_000_000 + Number(micros))
  const previous = (await client.hget(head, 'position')) ?? '0'
  await client
    .multi()
    .zadd(tags, position, member)
    .hset(head, { position, nonce: 'b', sizes: `${(await client.zcard(tags)) + 1} 0 0` })
    .publish(push, `${previous} a ${position} b ["${member}"]`)
    .exec()
}

test('entries of the previous version are misses, and are replaced', async () => {
  await using cache = openCache('entries')
  const unreadable: string[] = []
  cache.on('unreadable', ({ reason }) => unreadable.push(reason))
  await client.set(namesOf('larder', 'entries').entry('user:42'), previousEntry)
  expect(await cache.get('user:42')).toBeUndefined()
  expect(unreadable).toEqual(['unknown-version'])
  expect(await cache.getOrCompute('user:42', () => ({ name: 'Grace' }))).toEqual({ name: 'Grace' })
  await using other = openCache('entries')
  await until('the entry is replaced', async () => (await other.get('user:42')) !== undefined)
  expect(await other.get('user:42')).toEqual({ name: 'Grace' })
})

test('a log that the previous version began ends nothing but hits', async () => {
  const { log, entry } = namesOf('larder', 'logs')
  const [head, tags] = log
  const position = '1795218366894123'
  await client.hset(head, { position, nonce: 'a', floor: 0, keysFloor: 0, sizes: '1 0 0', keeper: 'x' })
  await client.zadd(tags, position, 'Tuser:9')
  await client.set(entry('user:42'), previousEntry)
  await using cache = openCache('logs')
  expect(await cache.getOrCompute('user:42', () => 'Grace')).toBe('Grace')
  expect((await cache.invalidate('user:42')).outcome).toBe('applied')
})

test('invalidations of processes of the previous version are seen, though their pushes are not understood', async () => {
  await using cache = openCache('appends')
  const errors: unknown[] = []
  cache.on('error', ({ error }) => errors.push(error))
  await cache.set('user', 'Ada', { tags: ['user:7'] })
  await appendAsPreviousVersion('appends', 'Tuser:7')
  await until('the record is applied', async () => (await cache.get('user')) === undefined)
  expect(errors).toEqual([])
})

// needs: redis
import { provideRedis } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSessions, type Sessions } from '../src/index'

const redis = provideRedis(beforeAll, afterAll)
const id = 'an-id-of-express-session-0123456789'
const legacyKey = `sess:${id}`
const legacy = JSON.stringify({ cookie: { path: '/' }, user: 'ann', cart: ['tea'] })

let client: Redis
let sessions: Sessions
beforeEach(async () => {
  client = new Redis(redis.url, { enableOfflineQueue: true })
  await client.flushall()
  await client.set(legacyKey, legacy)
  sessions = createSessions({
    name: 'shop',
    url: redis.url,
    migrateFrom: { prefix: 'sess:', userOf: ({ user }) => user as string },
  })
})
afterEach(async () => {
  await sessions.close()
  client.disconnect()
})

test('a session of connect-redis is taken over at its first read, with its user', async () => {
  const session = await sessions.read(id)
  expect(session?.data).toEqual({ cookie: { path: '/' }, user: 'ann', cart: ['tea'] })
  expect(await client.exists(legacyKey)).toBe(0)
  expect((await sessions.listByUser('ann')).map(({ handle }) => handle)).toEqual([session?.handle])
})

test('requests that come at the same time all get it, and lose nothing of each other', async () => {
  await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const session = await sessions.read(id)
      if (session === undefined) throw new Error('A request was logged out.')
      session.data[`field ${at}`] = true
      await session.save()
    }),
  )
  expect(Object.keys((await sessions.read(id))?.data ?? {})).toHaveLength(23)
})

test('a logout ends it for good, though its old key was still there', async () => {
  await sessions.read(id)
  await client.set(legacyKey, legacy)
  expect(await sessions.revoke(id)).toBe(true)
  expect(await sessions.read(id)).toBeUndefined()
  expect(await client.exists(legacyKey)).toBe(0)
})

test('a logout before the first read ends it as well', async () => {
  await sessions.revoke(id)
  expect(await sessions.read(id)).toBeUndefined()
})

test.each(['no JSON', '"a text"', 'null'])('a key that holds %s is no session', async (text) => {
  await client.set(legacyKey, text)
  expect(await sessions.read(id)).toBeUndefined()
})

test('a prefix is needed', () => {
  expect(() => createSessions({ name: 'shop', url: redis.url, migrateFrom: {} as never })).toThrow(
    "createSessions: migrateFrom needs the prefix of its keys, such as { prefix: 'sess:' }.",
  )
})

// needs: redis
import { provideRedis } from '@larder/servers'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSessions, type Sessions, type SessionsOptions } from '../src/index'

const redis = provideRedis(beforeAll, afterAll)
const id = 'an-id-of-express-session-0123456789'
const legacyKey = `sess:${id}`
const legacy = JSON.stringify({ cookie: { path: '/' }, user: 'ann', cart: ['tea'] })

let client: Redis
let sessions: Sessions
const opened: Sessions[] = []

function openSessions(options: Partial<SessionsOptions> = {}): Sessions {
  const migrateFrom = { prefix: 'sess:', userOf: ({ user }: { user?: unknown }) => user as string }
  // A busy machine must not look like an outage.
  const created = createSessions({
    name: 'shop',
    url: redis.url,
    storeTimeout: '20s',
    migrateFrom,
    ...options,
  })
  opened.push(created)
  return created
}

beforeEach(async () => {
  client = new Redis(redis.url, { enableOfflineQueue: true })
  await client.flushall()
  await client.set(legacyKey, legacy)
  sessions = openSessions()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
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

test('revokeAll ends the sessions of a user that nobody has taken over yet, and no session of after', async () => {
  await client.set('sess:of-bob', JSON.stringify({ user: 'bob' }))
  await sessions.revokeAll('ann')
  expect(await sessions.read(id)).toBeUndefined()
  expect(await sessions.read('of-bob')).toMatchObject({ user: 'bob' })
  const after = await sessions.create({}, { user: 'ann' })
  expect(await sessions.read(after.id)).toMatchObject({ user: 'ann' })
  expect(await sessions.read(id)).toBeUndefined()
})

test('revokeAll ends a session that is taken over meanwhile', async () => {
  const send = client.callBuffer.bind(client)
  let hasRevoked = false
  client.callBuffer = (async (command: string, ...args: string[]) => {
    const reply = await send(command, ...args)
    if (command !== 'get' || !args[0]?.endsWith(':refused') || hasRevoked) return reply
    hasRevoked = true
    await sessions.revokeAll('ann')
    return reply
  }) as typeof send
  expect(await openSessions({ url: undefined, client }).read(id)).toBeUndefined()
  expect(hasRevoked).toBe(true)
})

test.each(['no JSON', '"a text"', 'null'])('a key that holds %s is no session', async (text) => {
  await client.set(legacyKey, text)
  expect(await sessions.read(id)).toBeUndefined()
})

test.each(['deny', 'anonymous'] as const)(
  "with ifUnavailable: '%s', a session that is too large is an error and no outage",
  async (ifUnavailable) => {
    const small = openSessions({ ifUnavailable, maxBytes: 20 })
    await expect(small.read(id)).rejects.toMatchObject({ code: 'VALUE_TOO_LARGE' })
    expect(small.stats()).toMatchObject({ unavailable: 0, missing: 0 })
    expect(await client.exists(legacyKey)).toBe(1)
  },
)

test('an empty user is refused, since it would be one user for everybody that has none', async () => {
  await client.set(legacyKey, JSON.stringify({ user: '' }))
  await expect(sessions.read(id)).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining('migrateFrom: userOf: user must be a text that is not empty'),
  })
})

test('a prefix is needed', () => {
  expect(() => createSessions({ name: 'shop', url: redis.url, migrateFrom: {} as never })).toThrow(
    "createSessions: migrateFrom needs the prefix of its keys, such as { prefix: 'sess:' }.",
  )
})

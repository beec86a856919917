// needs: redis
import { type RedisServer, startRedis } from '@larder/servers'
import { type VirtualClock, virtualClock } from '@larder/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createLocalSessions,
  createSessions,
  type LocalSessionsOptions,
  type Session,
  type Sessions,
} from '../src/index'

const day = 86_400_000
let server: RedisServer
let clock: VirtualClock
const opened: Sessions[] = []

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())
beforeEach(async () => {
  clock = virtualClock()
  await server.command('FLUSHALL')
})

afterEach(async () => {
  for (const sessions of opened.splice(0)) await sessions.close()
})

/** Sessions as two processes see them. */
type Open = (options?: LocalSessionsOptions) => readonly [Sessions, Sessions]

const openLocal: Open = (options) => {
  const sessions = createLocalSessions({ clock, ...options })
  return [sessions, sessions]
}

const openShared: Open = (options) => {
  // Days that pass at once must not look like an outage.
  const open = () =>
    createSessions({ name: 'shop', url: server.url, clock, storeTimeout: '365d', ...options })
  const processes = [open(), open()] as const
  opened.push(...processes)
  return processes
}

/** As a request does at its begin. */
async function read(sessions: Sessions, id: string): Promise<Session> {
  const session = await sessions.read(id)
  if (session === undefined) throw new Error('There is no session.')
  return session
}

describe.each([
  ['in this process', openLocal],
  ['on Redis', openShared],
] as const)('%s', (_, open) => {
  test('a session is read with its data, user and time, under an id of 192 bits', async () => {
    const [sessions, others] = open()
    const { id } = await sessions.create({ cart: ['tea'], theme: 'dark' }, { user: 'ann' })
    const session = await read(others, id)
    expect(id).toMatch(/^[\w-]{32}$/)
    expect(session).toMatchObject({ id, user: 'ann', data: { cart: ['tea'], theme: 'dark' } })
    expect(session.createdAt.getTime()).toBe(clock.now())
  })

  test('a slow request saves after a logout, and the session stays ended (tj/connect-redis#328)', async () => {
    const [sessions, others] = open()
    const { id } = await sessions.create({}, { user: 'ann' })
    const [slow, slowElsewhere] = [await read(sessions, id), await read(others, id)]
    expect(await sessions.revoke(id)).toBe(true)
    for (const request of [slow, slowElsewhere]) {
      request.data.seen = true
      expect(await request.save()).toBe('ended')
      expect(await request.renew()).toBe('ended')
    }
    expect([await sessions.read(id), await others.read(id)]).toEqual([undefined, undefined])
    expect(await sessions.listByUser('ann')).toEqual([])
    expect(await sessions.revoke(id)).toBe(false)
  })

  test('a session that was destroyed is not created by a save or a read (jdesboeufs/connect-mongo#471)', async () => {
    const [sessions] = open()
    const { id } = await sessions.create({ a: 1 })
    const request = await read(sessions, id)
    await request.revoke()
    await sessions.read(id)
    await sessions.create({ a: 2 }, { id })
    expect(await sessions.read(id)).toBeUndefined()
  })

  test('requests that set, change and remove different fields at the same time lose nothing (tj/connect-redis#346)', async () => {
    const [sessions, others] = open()
    const { id } = await sessions.create({ kept: 1, changed: 1, removed: 1 })
    const requests = await Promise.all([sessions, others, sessions].map((process) => read(process, id)))
    const [first, second, third] = requests as [Session, Session, Session]
    first.data.added = { deep: [1] }
    second.data.changed = 2
    delete third.data.removed
    expect(await Promise.all(requests.map((request) => request.save()))).toEqual(['saved', 'saved', 'saved'])
    expect((await read(sessions, id)).data).toEqual({ kept: 1, changed: 2, added: { deep: [1] } })
  })

  test.each([
    ['last', 'saved', 2],
    ['refuse', 'conflict', 1],
  ] as const)(
    'with onConflict: %s, the second of two saves of one field results in %s',
    async (onConflict, result, kept) => {
      const [sessions, others] = open({ onConflict })
      const { id } = await sessions.create({ count: 0 })
      const [first, second] = [await read(sessions, id), await read(others, id)]
      first.data.count = 1
      second.data.count = 2
      second.data.other = true
      expect(await first.save()).toBe('saved')
      expect(await second.save()).toBe(result)
      const { count, other } = (await read(sessions, id)).data
      expect([count, other]).toEqual([kept, onConflict === 'last' ? true : undefined])
    },
  )

  test('a save writes nothing without a change, and only later changes the second time', async () => {
    const [sessions, others] = open()
    const session = await sessions.create({ a: 1 })
    expect(await session.save()).toBe('unchanged')
    session.data.b = 2
    await session.save()
    const other = await read(others, session.id)
    other.data.b = 3
    await other.save()
    expect(await session.save()).toBe('unchanged')
    expect((await read(others, session.id)).data).toEqual({ a: 1, b: 3 })
  })

  test('a login gives a new id, and the old one is refused (fastify/session#240)', async () => {
    const [sessions, others] = open()
    const session = await sessions.create({ cart: ['tea'] })
    const planted = session.id
    session.data.greeted = true
    expect(await session.renew('ann')).toBe('renewed')
    expect(session.id).not.toBe(planted)
    expect([await sessions.read(planted), await others.read(planted)]).toEqual([undefined, undefined])
    expect(await others.read(session.id)).toMatchObject({
      user: 'ann',
      data: { cart: ['tea'], greeted: true },
    })
  })

  test('a request of before a login cannot write into the session of the user', async () => {
    const [sessions, others] = open()
    const session = await sessions.create({})
    const planted = await read(others, session.id)
    await session.renew('ann')
    planted.data.address = 'of the attacker'
    expect(await planted.save()).toBe('ended')
    expect((await read(sessions, session.id)).data).toEqual({})
  })

  test('nothing is lost when a session is renewed and saved while other requests save (expressjs/session#935)', async () => {
    const [sessions, others] = open()
    const { id } = await sessions.create({ a: 0 }, { user: 'ann' })
    const [before, during, renewing] = [
      await read(others, id),
      await read(others, id),
      await read(sessions, id),
    ]
    before.data.before = 1
    await before.save()
    renewing.data.a = 1
    await renewing.renew()
    during.data.during = 1
    expect(await during.save()).toBe('saved')
    const after = await read(others, renewing.id)
    after.data.after = 1
    await after.save()
    renewing.data.own = 1
    await renewing.save()
    expect((await read(others, renewing.id)).data).toEqual({ a: 1, before: 1, during: 1, after: 1, own: 1 })
  })

  test('three requests that renew at once all have a session of the user, with a new id each (expressjs/session#923)', async () => {
    const [sessions, others] = open()
    const { id } = await sessions.create({ cart: 1 }, { user: 'ann' })
    const requests = await Promise.all([sessions, others, others].map((process) => read(process, id)))
    requests.forEach((request, index) => {
      request.data[`field${index}`] = index
    })
    const results = await Promise.all(requests.map((request) => request.renew()))
    expect(results).toEqual(['renewed', 'renewed', 'renewed'])
    expect(new Set([id, ...requests.map((request) => request.id)]).size).toBe(4)
    for (const [index, request] of requests.entries())
      expect(await sessions.read(request.id)).toMatchObject({
        user: 'ann',
        data: { cart: 1, [`field${index}`]: index },
      })
    expect(await sessions.read(id)).toBeUndefined()
  })

  test('a logout by a request that holds the old id ends the renewed session', async () => {
    const [sessions, others] = open()
    const { id } = await sessions.create({}, { user: 'ann' })
    const [renewing, logout] = [await read(sessions, id), await read(others, id)]
    await renewing.renew()
    expect(await logout.revoke()).toBe(true)
    expect(await sessions.read(renewing.id)).toBeUndefined()
    expect(await renewing.save()).toBe('unchanged')
    renewing.data.a = 1
    expect(await renewing.save()).toBe('ended')
  })

  test('revokeAll ends the sessions of a user but one, and of nobody else', async () => {
    const [sessions, others] = open()
    const own = await Promise.all([1, 2, 3].map(() => sessions.create({}, { user: 'ann' })))
    const bob = await sessions.create({}, { user: 'bob' })
    const [current] = own as [Session]
    expect(await others.revokeAll('ann', { except: current.id })).toBe(2)
    const found = await Promise.all([...own, bob].map(({ id }) => sessions.read(id)))
    expect(found.map((session) => session?.user)).toEqual(['ann', undefined, undefined, 'bob'])
    expect((await sessions.listByUser('ann')).map(({ handle }) => handle)).toEqual([current.handle])
  })

  test('after revokeAll, each of 50 logins that ran meanwhile is younger than the call, or gone', async () => {
    const [sessions, others] = open()
    const logins = Array.from({ length: 50 }, (_, index) =>
      (index % 2 === 0 ? sessions : others).create({}, { user: 'ann' }),
    )
    const [older] = await Promise.all([logins[0], sessions.revokeAll('ann')])
    const created = await Promise.all(logins)
    const listed = new Set((await sessions.listByUser('ann')).map(({ handle }) => handle))
    for (const { id, handle } of created)
      expect((await others.read(id)) !== undefined).toBe(listed.has(handle))
    await others.revokeAll('ann')
    const left = await Promise.all(created.map(({ id }) => sessions.read(id)))
    expect(left.filter((session) => session !== undefined)).toEqual([])
    expect(await older?.renew()).toBe('ended')
  })

  test('a user sees their devices, the last used first, and ends one by its handle', async () => {
    const [sessions] = open({ idle: '30d' })
    const phone = await sessions.create({}, { user: 'ann', label: 'phone' })
    await clock.advance(day)
    const laptop = await sessions.create({}, { user: 'ann', label: 'laptop' })
    await clock.advance(day)
    await sessions.read(phone.id)
    const views = await sessions.listByUser('ann')
    expect(views.map(({ label }) => label)).toEqual(['phone', 'laptop'])
    expect(views[0]?.lastUsedAt.getTime()).toBe(clock.now())
    expect(JSON.stringify(views)).not.toContain(phone.id)
    expect(await sessions.revoke({ user: 'bob', handle: laptop.handle })).toBe(false)
    expect(await sessions.revoke({ user: 'ann', handle: laptop.handle })).toBe(true)
    expect(await sessions.read(laptop.id)).toBeUndefined()
    await phone.renew()
    expect((await sessions.listByUser('ann')).map(({ label }) => label)).toEqual(['phone'])
  })

  test('a session ends a day after its last use, and not before', async () => {
    const [sessions] = open()
    const [used, unused] = await Promise.all([sessions.create({}), sessions.create({})])
    await clock.advance(day - 1)
    expect(await sessions.read(used.id)).toBeDefined()
    await clock.advance(60_001)
    expect(await sessions.read(unused.id)).toBeUndefined()
    unused.data.a = 1
    expect(await unused.save()).toBe('ended')
    await clock.advance(day - 60_002)
    expect(await sessions.read(used.id)).toBeDefined()
    used.data.a = 1
    expect(await used.save()).toBe('saved')
  })

  test('a session ends 30 days after its login however much it is used, and a renewal without a login adds no time', async () => {
    const [sessions] = open()
    const session = await sessions.create({})
    for (let passed = 1; passed < 10; passed += 1) {
      await clock.advance(day - 1_000)
      await sessions.read(session.id)
    }
    await session.renew('ann')
    const login = clock.now()
    for (let passed = 1; passed < 30; passed += 1) {
      await clock.advance(day)
      expect(await session.renew()).toBe('renewed')
    }
    await clock.advance(login + 30 * day - 1 - clock.now())
    expect(session.createdAt.getTime()).toBe(login)
    expect(await sessions.read(session.id)).toBeDefined()
    await clock.advance(1)
    expect(await sessions.read(session.id)).toBeUndefined()
    expect(await sessions.listByUser('ann')).toEqual([])
  })

  test('with one session too many, those that ended by themselves make room first, then the oldest', async () => {
    const [sessions] = open({ maxPerUser: 2 })
    const login = () => sessions.create({}, { user: 'ann' })
    const oldest = await login()
    await clock.advance(day / 2)
    await login()
    await clock.advance(day / 2 - 1)
    await sessions.read(oldest.id)
    await clock.advance(day / 2 + 60_002)
    const third = await login()
    expect((await sessions.listByUser('ann')).map(({ handle }) => handle)).toEqual([
      third.handle,
      oldest.handle,
    ])
    const fourth = await login()
    const handles = (await sessions.listByUser('ann')).map(({ handle }) => handle)
    expect(new Set(handles)).toEqual(new Set([third.handle, fourth.handle]))
    expect(await sessions.read(oldest.id)).toBeUndefined()
  })

  test.each([1, 2])('a renewal ends no session of a user who has as many as allowed: %i', async (most) => {
    const [sessions] = open({ maxPerUser: most })
    const ids = [] as string[]
    for (let login = 0; login < most; login += 1) ids.push((await sessions.create({}, { user: 'ann' })).id)
    let session = await read(sessions, ids.pop() ?? '')
    for (let renewal = 0; renewal < 8; renewal += 1) {
      await clock.advance(1_000)
      expect(await session.renew()).toBe('renewed')
      session = await read(sessions, session.id)
    }
    for (const id of ids) await read(sessions, id)
    expect(await sessions.listByUser('ann')).toHaveLength(most)
  })

  test('a field named like a member of an object is one like any other', async () => {
    const [sessions] = open()
    const data = JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": 1, "!": 1, "u": "bob", "": 2}')
    const { id } = await sessions.create(data)
    const session = await read(sessions, id)
    expect(session.data.isAdmin).toBeUndefined()
    expect(session.user).toBeUndefined()
    expect(Object.entries(session.data)).toEqual(expect.arrayContaining(Object.entries(data)))
  })

  test('an id that no session can have is one of nobody', async () => {
    const [sessions] = open()
    for (const id of ['', 'short', 'x'.repeat(1_000_000), undefined, 42, {}, '__proto__'])
      expect(await sessions.read(id as string)).toBeUndefined()
    expect(sessions.stats()).toMatchObject({ found: 0, missing: 7, unavailable: 0 })
  })

  test('users with odd characters are others, and half of a character is refused', async () => {
    const [sessions] = open()
    const users = ['ann ', 'ann', 'ANN', 'a{n}n', '*', 'ann:user', '\u0000', '€', '\u{1f511}']
    for (const user of users) await sessions.create({}, { user })
    for (const user of users) expect(await sessions.revokeAll(user)).toBe(1)
    const refused = { code: 'BAD_ARGUMENT' }
    await expect(sessions.create({}, { user: 'ann\ud800' })).rejects.toMatchObject(refused)
    await expect(sessions.revokeAll('ann\ud801')).rejects.toMatchObject(refused)
  })

  test('a session of thousands of fields is written as a whole', async () => {
    const [sessions, others] = open()
    const data = Object.fromEntries(Array.from({ length: 6_000 }, (_, at) => [`f${at}`, at]))
    const { id } = await sessions.create(data)
    expect((await read(others, id)).data).toEqual(data)
  })

  test('a handle that no session can have is one of nobody', async () => {
    const [sessions] = open()
    for (const handle of ['', 'x', '日本', 'a'.repeat(10_000)])
      expect(await sessions.revoke({ user: 'ann', handle })).toBe(false)
  })

  test('sessions that live are counted, whatever process has them', async () => {
    const [sessions, others] = open({ idle: '1h' })
    const ended = await sessions.create({})
    await others.create({}, { user: 'ann' })
    const used = await others.create({}, { user: 'ann' })
    expect(await sessions.count()).toBe(3)
    await ended.revoke()
    await used.renew()
    expect(await sessions.count()).toBe(2)
    await clock.advance(3_000_000)
    await read(sessions, used.id)
    await clock.advance(3_000_000)
    expect(await sessions.count()).toBe(1)
  })

  test('a process counts what it does', async () => {
    const [sessions] = open()
    const session = await sessions.create({}, { user: 'ann' })
    await sessions.read(session.id)
    session.data.a = 1
    await session.save()
    await session.renew()
    await sessions.create({}, { user: 'ann' })
    await sessions.revokeAll('ann')
    await sessions.read(session.id)
    expect(sessions.stats()).toEqual({
      created: 2,
      found: 1,
      missing: 1,
      unreadable: 0,
      saved: 1,
      conflicts: 0,
      renewed: 1,
      revoked: 2,
      unavailable: 0,
      circuit: 'closed',
    })
  })
})

import { virtualClock } from '@larder/testing'
import { expect, test } from 'vitest'
import { assembleSessions } from '../src/assemble-sessions'
import type { Session, Sessions } from '../src/index'
import { createMemorySessions } from '../src/store/memory-sessions'
import type { SessionStore } from '../src/store/session-store'

const day = 86_400_000
const times = { idle: 10 * day, absolute: 30 * day, precision: 60_000 }

/**
 * Sessions as two processes see them. Before or after the calls of `slow`, others run: `meanwhile` returns those calls, and is
 * not asked for them during their own calls.
 */
function openBoth(maxPerUser: number, meanwhile: (store: SessionStore) => Partial<SessionStore>) {
  const clock = virtualClock()
  const store = createMemorySessions({ clock, times, onConflict: 'last' })
  const open = (of: SessionStore): Sessions =>
    assembleSessions({
      store: of,
      clock,
      options: { maxPerUser },
      name: 'shop',
      foreign: undefined,
      readCircuit: () => 'closed',
      close: () => undefined,
    })
  return { clock, store, slow: open({ ...store, ...meanwhile(store) }), sessions: open(store) }
}

const login = (sessions: Sessions) => sessions.create({}, { user: 'ann' })

async function read(sessions: Sessions, { id }: Session): Promise<Session> {
  const session = await sessions.read(id)
  if (session === undefined) throw new Error('There is no session.')
  return session
}

async function areLive(sessions: Sessions, ...all: readonly Session[]): Promise<boolean[]> {
  return (await Promise.all(all.map(({ id }) => sessions.read(id)))).map((found) => found !== undefined)
}

test('a field that is saved twice while another request renews the session keeps its last value', async () => {
  const { slow, sessions } = openBoth(100, (store) => ({
    async end(end) {
      const reply = await store.end(end)
      other.data.count = 2
      expect(await other.save()).toBe('saved')
      return reply
    },
  }))
  const session = await sessions.create({ count: 0 }, { user: 'ann' })
  const [renewing, other] = [await read(slow, session), await read(sessions, session)]
  other.data.count = 1
  await other.save()
  await renewing.renew()
  expect((await read(sessions, renewing)).data).toEqual({ count: 2 })
})

test('a login makes room before it begins, so a process that is killed leaves no session too many', async () => {
  let most = 0
  const { slow, store } = openBoth(2, (of) => ({
    async write(...args) {
      const createdAt = await of.write(...args)
      most = Math.max(most, await store.count())
      return createdAt
    },
  }))
  for (let at = 0; at < 4; at += 1) await login(slow)
  expect(most).toBe(2)
})

test('a login under way is not taken for a session that ended by itself, and makes no room for another login', async () => {
  const { slow, sessions, clock } = openBoth(2, (store) => ({
    async write(...args) {
      second = await login(sessions)
      return store.write(...args)
    },
  }))
  let second: Session | undefined
  const old = await login(sessions)
  await clock.advance(day)
  const first = await login(slow)
  expect(await areLive(sessions, first, second as unknown as Session, old)).toEqual([true, true, false])
})

test('two logins at once end no more sessions than their user has too many', async () => {
  const { slow, sessions, clock } = openBoth(3, (store) => ({
    async enroll(...args) {
      const enrollment = await store.enroll(...args)
      await login(sessions)
      return enrollment
    },
  }))
  for (let at = 0; at < 3; at += 1) {
    await login(sessions)
    await clock.advance(day)
  }
  await login(slow)
  expect(await sessions.listByUser('ann')).toHaveLength(3)
})

test('a session that has just been renewed does not end with its old handle when a login makes room', async () => {
  const { slow, sessions, clock } = openBoth(2, (store) => ({
    async end(end) {
      const reply = await store.end(end)
      await login(sessions)
      return reply
    },
  }))
  const oldest = await login(sessions)
  await clock.advance(day)
  const renewed = await read(slow, await login(sessions))
  await clock.advance(day)
  expect(await renewed.renew()).toBe('renewed')
  expect(await areLive(sessions, renewed, oldest)).toEqual([true, false])
})

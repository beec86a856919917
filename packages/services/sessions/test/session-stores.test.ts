import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import fastifyCookie from '@fastify/cookie'
import fastifySession from '@fastify/session'
import { startServer } from '@larder/servers'
import express from 'express'
import expressSession from 'express-session'
import fastify from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import * as forExpress from '../src/express-session'
import * as forFastify from '../src/fastify-session'
import { createLocalSessions, type Sessions } from '../src/index'

const secret = 'a secret of thirty-two characters!'

/** The part of a session of both libraries that the routes use. */
interface AnySession {
  [field: string]: unknown
  regenerate(callback: (error?: unknown) => void): unknown
  destroy(callback: (error?: unknown) => void): unknown
}

/** Lets a slow request go on. */
const gate = new EventEmitter()

const called = (call: (callback: (error?: unknown) => void) => unknown) =>
  new Promise<void>((resolve, reject) => call((error) => (error ? reject(error) : resolve())))

/** The work of the routes of both applications. A login replaces the session, so each access asks for the current one. */
async function handle(path: string, current: () => AnySession): Promise<string> {
  if (path === '/login') {
    await called((callback) => current().regenerate(callback))
    current().user = 'ann'
  }
  if (path === '/login-with-same-id') current().user = 'ann'
  if (path === '/logout') {
    await called((callback) => current().destroy(callback))
    return 'logged out'
  }
  if (path.startsWith('/set/')) current()[path.slice('/set/'.length)] = true
  if (path.startsWith('/slow/')) {
    gate.emit('slow')
    await once(gate, 'go on')
    current()[path.slice('/slow/'.length)] = true
  }
  const { cookie, ...data } = JSON.parse(JSON.stringify(current()))
  return JSON.stringify(data)
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function startExpress(sessions: Sessions): Promise<string> {
  const app = express()
  const store = forExpress.sessionStore(sessions, { userOf: ({ user }) => user as string | undefined })
  app.use(expressSession({ store, secret, resave: false, saveUninitialized: false }))
  app.use(async (req, res) => {
    res.send(await handle(req.path, () => req.session as unknown as AnySession))
  })
  const server = await startServer(createServer(app))
  closing.push(() => server[Symbol.asyncDispose]())
  return `http://127.0.0.1:${server.port}`
}

async function startFastify(sessions: Sessions): Promise<string> {
  const app = fastify()
  await app.register(fastifyCookie)
  const store = forFastify.sessionStore(sessions, { userOf: ({ user }) => user as string | undefined })
  await app.register(fastifySession, { store, secret, saveUninitialized: false, cookie: { secure: false } })
  app.get('*', (request) => handle(request.url, () => request.session as unknown as AnySession))
  closing.push(() => app.close())
  return app.listen({ host: '127.0.0.1', port: 0 })
}

/** A browser: keeps the cookie of the responses, and resolves to their bodies. */
function openBrowser(url: string) {
  let cookie = ''
  return async (path: string) => {
    const response = await fetch(url + path, { headers: cookie === '' ? {} : { cookie } })
    const [setCookie] = response.headers.getSetCookie()
    cookie = setCookie?.split(';')[0] ?? cookie
    return response.text()
  }
}

/** Visits `fast` from its begin to its end while a request of `slow` is under way. */
async function overtake(visit: (path: string) => Promise<string>, slow: string, fast: string): Promise<void> {
  const hasBegun = once(gate, 'slow')
  const slowVisit = visit(slow)
  await hasBegun
  await visit(fast)
  gate.emit('go on')
  await slowVisit
}

describe.each([
  ['express-session', startExpress],
  ['@fastify/session', startFastify],
])('with %s', (_, start) => {
  test('a session keeps what requests have set', async () => {
    const visit = openBrowser(await start(createLocalSessions()))
    await visit('/set/first')
    await visit('/set/second')
    expect(JSON.parse(await visit('/'))).toEqual({ first: true, second: true })
  })

  // https://github.com/tj/connect-redis/issues/328
  test('a logout is final, though a slow request saves the session later', async () => {
    const visit = openBrowser(await start(createLocalSessions()))
    await visit('/login')
    await overtake(visit, '/slow/late', '/logout')
    expect(JSON.parse(await visit('/'))).toEqual({})
  })

  // https://github.com/fastify/session/issues/240
  test('a login ends the session before it', async () => {
    const sessions = createLocalSessions()
    const url = await start(sessions)
    const visit = openBrowser(url)
    await visit('/set/first')
    expect(sessions.stats().revoked).toBe(0)
    await visit('/login')
    expect(sessions.stats().revoked).toBe(1)
    expect(JSON.parse(await visit('/'))).toEqual({ user: 'ann' })
  })

  test('a login that goes on under the same id ends with the sessions of its user', async () => {
    const sessions = createLocalSessions()
    const visit = openBrowser(await start(sessions))
    await visit('/set/first')
    await visit('/login-with-same-id')
    expect(JSON.parse(await visit('/'))).toEqual({ first: true, user: 'ann' })
    expect(await sessions.listByUser('ann')).toHaveLength(1)
    await sessions.revokeAll('ann')
    expect(JSON.parse(await visit('/'))).toEqual({})
  })
})

describe('with express-session', () => {
  // https://github.com/tj/connect-redis/issues/346
  test('requests that set different fields at the same time lose nothing', async () => {
    const visit = openBrowser(await startExpress(createLocalSessions()))
    await visit('/set/first')
    await overtake(visit, '/slow/second', '/set/third')
    expect(JSON.parse(await visit('/'))).toEqual({ first: true, second: true, third: true })
  })

  test('the sessions of a user are listed, and end together', async () => {
    const sessions = createLocalSessions()
    const visit = openBrowser(await startExpress(sessions))
    await visit('/login')
    expect(await sessions.listByUser('ann')).toHaveLength(1)
    await sessions.revokeAll('ann')
    expect(JSON.parse(await visit('/'))).toEqual({})
  })

  test('a request that changes nothing writes nothing', async () => {
    const sessions = createLocalSessions()
    const visit = openBrowser(await startExpress(sessions))
    await visit('/set/first')
    await visit('/')
    await visit('/')
    expect(sessions.stats()).toMatchObject({ created: 1, found: 2, saved: 0 })
  })

  test('a change that another request has overtaken is an error if conflicts are refused', async () => {
    const sessions = createLocalSessions({ onConflict: 'refuse' })
    const store = forExpress.sessionStore(sessions)
    const { id } = await sessions.create({ count: 1, cookie: {} })
    const load = () =>
      new Promise<expressSession.Session>((resolve) => {
        store.get(id, (_, data) =>
          resolve(store.createSession({ sessionID: id } as never, data as never) as never),
        )
      })
    const [one, other] = (await Promise.all([load(), load()])) as unknown as Record<string, unknown>[]
    Object.assign(one ?? {}, { count: 2 })
    Object.assign(other ?? {}, { count: 3 })
    await called((callback) => store.set(id, one as never, callback))
    await expect(called((callback) => store.set(id, other as never, callback))).rejects.toMatchObject({
      code: 'SAVE_CONFLICT',
    })
  })
})

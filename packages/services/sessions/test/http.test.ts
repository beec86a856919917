import { EventEmitter, once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { LarderError } from '@larder/core'
import { startServer } from '@larder/servers'
import compression from 'compression'
import express, { type Request, type Response } from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { afterEach, describe, expect, test, vi } from 'vitest'
import * as onExpress from '../src/express'
import * as onFastify from '../src/fastify'
import * as onHono from '../src/hono'
import type { RequestSession } from '../src/http/request-session'
import { createLocalSessions, type Sessions } from '../src/index'
import * as onKoa from '../src/koa'

interface Application extends AsyncDisposable {
  readonly url: string
}

type Options = onExpress.SessionCookieOptions

/** How an application is started whose routes call `handle`. */
type Start = (sessions: Sessions, options: Options) => Promise<Application>

const readme = fileURLToPath(new URL('../README.md', import.meta.url))

/** Lets a slow request go on after a logout. */
const gate = new EventEmitter()

/** The work of the routes of all three applications. Resolves to the body of the response. */
async function handle(path: string, session: RequestSession): Promise<string> {
  if (path === '/login') await session.renew('ann')
  if (path === '/logout') await session.revoke()
  const [, name, value = true] = /^\/set\/([^/]+)(?:\/(.+))?$/.exec(path) ?? []
  if (name !== undefined) session.data[name] = value
  if (path === '/slow') {
    session.data.slow = true
    gate.emit('slow')
    await once(gate, 'logged out')
  }
  if (path === '/careful') {
    session.data.slow = 'careful'
    gate.emit('slow')
    await once(gate, 'logged out')
    return session.save()
  }
  if (path === '/broken') {
    session.data.seen = true
    throw new Error('broken')
  }
  if (path === '/function') session.data.f = () => 1
  return JSON.stringify({ user: session.user, data: session.data })
}

const startExpress: Start = async (sessions, options) => {
  const app = express()
  app.use(onExpress.loadSessions(sessions, options))
  app.get('/stream', (_req: Request, res) => {
    res.writeHead(200, { 'X-Stream': 'yes' })
    res.write('one ')
    res.end('two')
  })
  app.get('/no-status', (_req: Request, res) => {
    res.setHeader('Location', '/')
    res.writeHead(99)
    res.end()
  })
  app.use(async (req, res) => {
    res.send(await handle(req.path, onExpress.sessionOf(req)))
  })
  const { port, ...server } = await startServer(createServer(app))
  return { url: `http://127.0.0.1:${port}`, ...server }
}

const startFastify: Start = async (sessions, options) => {
  const app = fastify()
  await app.register(onFastify.loadSessions(sessions, options))
  app.register((inner, _, done) => {
    inner.get('/*', (request) => handle(request.url, onFastify.sessionOf(request)))
    done()
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, [Symbol.asyncDispose]: () => app.close() }
}

const startHono: Start = async (sessions, options) => {
  const app = new Hono()
  app.onError((_, c) => c.text('broken', 500))
  app.use(onHono.loadSessions(sessions, options))
  app.get('/*', async (c) => c.body(await handle(c.req.path, onHono.sessionOf(c))))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

const startKoa: Start = async (sessions, options) => {
  const app = new Koa()
  app.silent = true
  app.use(onKoa.loadSessions(sessions, options))
  app.use(async (ctx) => {
    ctx.body = await handle(ctx.path, onKoa.sessionOf(ctx))
  })
  const { port, ...server } = await startServer(createServer(app.callback()))
  return { url: `http://127.0.0.1:${port}`, ...server }
}

const secret = 's'.repeat(32)
const options = { secrets: secret }

afterEach(() => vi.unstubAllEnvs())

interface Reply {
  readonly status: number
  readonly body: string
  readonly setCookie: string | undefined
}

async function get(url: string, cookie = ''): Promise<Reply> {
  const response = await fetch(url, { headers: { connection: 'close', cookie } })
  const [setCookie] = response.headers.getSetCookie()
  return { status: response.status, body: await response.text(), setCookie }
}

/** The cookie that a browser would send after this reply. */
function cookieOf({ setCookie = '' }: Reply): string {
  return setCookie.split(';')[0] ?? ''
}

describe.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
  ['Hono', startHono],
  ['Koa', startKoa],
] as const)('%s', (_, start) => {
  test('a login sets a signed __Host- cookie that scripts and other sites cannot use', async () => {
    await using app = await start(createLocalSessions(), options)
    const login = await get(`${app.url}/login`)
    expect(login.setCookie).toMatch(
      /^__Host-session=[\w-]{32}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
    const me = await get(`${app.url}/me`, cookieOf(login))
    expect(me).toEqual({ status: 200, body: '{"user":"ann","data":{}}', setCookie: undefined })
  })

  test('a visitor without data gets no cookie, and one with data a session that a login renews', async () => {
    const sessions = createLocalSessions()
    await using app = await start(sessions, options)
    expect((await get(`${app.url}/`)).setCookie).toBeUndefined()
    expect(sessions.stats().created).toBe(0)
    const planted = await get(`${app.url}/set/cart`)
    const login = await get(`${app.url}/login`, cookieOf(planted))
    expect(JSON.parse((await get(`${app.url}/`, cookieOf(login))).body)).toEqual({
      user: 'ann',
      data: { cart: true },
    })
    expect(JSON.parse((await get(`${app.url}/`, cookieOf(planted))).body)).toEqual({ data: {} })
  })

  test('parallel requests keep the fields of each other, and a logout ends the session of a slow one', async () => {
    await using app = await start(createLocalSessions(), options)
    const cookie = cookieOf(await get(`${app.url}/login`))
    await Promise.all([1, 2, 3].map((field) => get(`${app.url}/set/${field}`, cookie)))
    expect(JSON.parse((await get(`${app.url}/`, cookie)).body).data).toEqual({ 1: true, 2: true, 3: true })
    const started = once(gate, 'slow')
    const slow = get(`${app.url}/slow`, cookie)
    await started
    const logout = await get(`${app.url}/logout`, cookie)
    gate.emit('logged out')
    expect(logout.setCookie).toMatch(/^__Host-session=; Path=\/; .*Max-Age=0$/)
    expect((await slow).setCookie).toBeUndefined()
    expect((await get(`${app.url}/`, cookie)).body).toBe('{"data":{}}')
  })

  test('a cookie that is tampered with, foreign, short or huge is no session, and sets none', async () => {
    const sessions = createLocalSessions()
    await using app = await start(sessions, options)
    await using foreign = await start(sessions, { secrets: 'x'.repeat(32) })
    const cookie = cookieOf(await get(`${app.url}/login`))
    const cookies = [
      cookie.replace(/=./, (text) => (text === '=A' ? '=B' : '=A')),
      cookie.slice(0, -1),
      cookieOf(await get(`${foreign.url}/login`)),
      '__Host-session=',
      '__Host-session',
      `__Host-session=${'x'.repeat(8_000)}`,
      cookie.replace('__Host-session', 'session'),
    ]
    for (const value of cookies)
      expect(await get(`${app.url}/`, value)).toEqual({
        status: 200,
        body: '{"data":{}}',
        setCookie: undefined,
      })
    expect((await get(`${app.url}/`, `a=1; ${cookies[0]}; ${cookie}; b=2`)).body).toContain('ann')
  })

  test('a new secret signs, and cookies of the old one are accepted and signed again, so that it can go', async () => {
    const sessions = createLocalSessions()
    await using before = await start(sessions, options)
    await using after = await start(sessions, { secrets: ['n'.repeat(32), secret] })
    const old = cookieOf(await get(`${before.url}/login`))
    const first = await get(`${after.url}/`, old)
    expect(first.body).toContain('ann')
    await using later = await start(sessions, { secrets: 'n'.repeat(32) })
    expect(await get(`${later.url}/`, cookieOf(first))).toMatchObject({
      body: expect.stringContaining('ann'),
      setCookie: undefined,
    })
    const renewed = cookieOf(await get(`${after.url}/login`, old))
    expect((await get(`${after.url}/`, renewed)).body).toContain('ann')
    expect((await get(`${before.url}/`, renewed)).body).not.toContain('ann')
  })

  test('with onConflict: refuse, a change that another request has overtaken is a response with status 409', async () => {
    await using app = await start(createLocalSessions({ onConflict: 'refuse' }), options)
    const cookie = cookieOf(await get(`${app.url}/login`))
    const started = once(gate, 'slow')
    const slow = get(`${app.url}/slow`, cookie)
    await started
    await get(`${app.url}/set/slow/1`, cookie)
    gate.emit('logged out')
    expect((await slow).status).toBe(409)
    const noticed = once(gate, 'slow')
    const careful = get(`${app.url}/careful`, cookie)
    await noticed
    await get(`${app.url}/set/slow/2`, cookie)
    gate.emit('logged out')
    expect(await careful).toMatchObject({ status: 200, body: 'conflict' })
  })

  test('without Redis, requests with a session get 503 before the routes, and no visitor does', async () => {
    const sessions = createLocalSessions()
    await using app = await start(sessions, options)
    const cookie = cookieOf(await get(`${app.url}/login`))
    const away = async () => {
      throw new LarderError('STORE_TIMEOUT', 'Redis did not answer.')
    }
    await using outage = await start({ ...sessions, read: away, create: away }, options)
    const denied = await get(`${outage.url}/`, cookie)
    expect([denied.status, JSON.parse(denied.body).status]).toEqual([503, 503])
    expect((await get(`${outage.url}/`)).status).toBe(200)
    expect(await get(`${outage.url}/set/cart`)).toMatchObject({ status: 503, setCookie: undefined })
  })

  test('a request that fails saves its session, and its response sets the cookie', async () => {
    await using app = await start(createLocalSessions(), options)
    const failed = await get(`${app.url}/broken`)
    expect(failed.status).toBe(500)
    expect((await get(`${app.url}/`, cookieOf(failed))).body).toBe('{"data":{"seen":true}}')
  })

  test('data that cannot be kept is an error of the response, and one warning', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    await using app = await start(createLocalSessions(), options)
    expect((await get(`${app.url}/function`)).status).toBe(500)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('its field "f" contains a function'),
    ])
  })

  test('secure: false is for development: the cookie loses __Host-, and production refuses it', async () => {
    const insecure = { ...options, secure: false, maxAge: '7d', sameSite: 'strict' } as const
    await using app = await start(createLocalSessions(), insecure)
    const { setCookie } = await get(`${app.url}/login`)
    expect(setCookie).toMatch(/^session=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/)
    vi.stubEnv('NODE_ENV', 'production')
    await expect(start(createLocalSessions(), insecure)).rejects.toThrow('NODE_ENV=production does not allow')
  })
})

test('with Express, a head that cannot be sent is a response with status 500, and ends no process', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  await using app = await startExpress(createLocalSessions(), options)
  const response = await fetch(`${app.url}/no-status`, { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([500, null])
  expect((await get(`${app.url}/me`)).status).toBe(200)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('Invalid status code')])
})

test.each([
  [{ Location: '/home', 'Set-Cookie': 'theme=dark' }, ['theme=dark']],
  [
    ['Location', '/home', 'Set-Cookie', 'theme=dark', 'Set-Cookie', 'size=big'],
    ['theme=dark', 'size=big'],
  ],
])('with Express, a login keeps its cookie beside those of writeHead(302, %j)', async (fields, cookies) => {
  const app = express()
  app.use(onExpress.loadSessions(createLocalSessions(), options))
  app.get('/', async (req, res) => {
    await onExpress.sessionOf(req).renew('ann')
    res
      .setHeader('Set-Cookie', 'theme=light')
      .writeHead(302, fields as OutgoingHttpHeaders)
      .end()
  })
  await using server = await startServer(createServer(app))
  const { status, headers } = await fetch(`http://127.0.0.1:${server.port}/`, { redirect: 'manual' })
  expect([status, headers.get('location')]).toEqual([302, '/home'])
  expect(headers.getSetCookie()).toEqual([...cookies, expect.stringMatching(/^__Host-session=/)])
})

test('with Express, a response that is held counts as sent, so that no other one is sent after it', async () => {
  const app = express()
  const seen: unknown[] = []
  const look = (res: Response) => void seen.push([res.headersSent, res.writableEnded])
  const outer = createLocalSessions()
  const inner = createLocalSessions()
  app.use((req, res, next) => {
    const create: Sessions['create'] = async (...call) => {
      await new Promise((resolve) => setImmediate(resolve))
      look(res)
      return outer.create(...call)
    }
    const load = onExpress.loadSessions({ ...outer, create }, { ...options, cookieName: 'outer' })
    load(req, res, () => {
      onExpress.sessionOf(req).data.seen = true
      next()
    })
  })
  app.use(onExpress.loadSessions(inner, options))
  app.get('/', (req, res, next) => {
    onExpress.sessionOf(req, inner).data.seen = true
    look(res)
    res.write('one ')
    look(res)
    res.end('two')
    look(res)
    if (!res.headersSent) next()
  })
  await using server = await startServer(createServer(app))
  expect(await get(`http://127.0.0.1:${server.port}/`)).toMatchObject({ status: 200, body: 'one two' })
  expect(seen).toEqual([
    [false, false],
    [true, false],
    [true, true],
    [true, true],
  ])
})

test('with Express, a response that is streamed is held until the session is saved', async () => {
  const sessions = createLocalSessions()
  await using app = await startExpress(sessions, options)
  const response = await fetch(`${app.url}/stream`)
  expect([response.headers.get('x-stream'), await response.text()]).toEqual(['yes', 'one two'])
})

describe.each(['in front of the sessions', 'behind them'])('with Express, and compression %s', (place) => {
  async function startCompressed(sessions: Sessions, source?: Readable) {
    const app = express()
    const layers = [compression({ threshold: 0 }), onExpress.loadSessions(sessions, options)]
    for (const layer of place === 'behind them' ? layers.reverse() : layers) app.use(layer)
    app.use((req, _, next) => {
      onExpress.sessionOf(req).data.seen = true
      next()
    })
    app.get('/text', (_, res) => void res.send('text'))
    app.get('/file', (_, res) => res.sendFile(readme))
    app.get('/lines', async (_, res) => {
      res.type('text').write('one ')
      await new Promise((resolve) => setImmediate(resolve))
      res.write('two ')
      res.end('three')
    })
    app.get('/source', (_, res) => void source?.pipe(res.type('text')))
    return startServer(createServer(app))
  }

  async function getCompressed(port: number, path: string) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    expect([response.headers.get('content-encoding'), response.headers.getSetCookie()]).toEqual([
      'gzip',
      [expect.stringMatching(/^__Host-session=/)],
    ])
    return response.text()
  }

  test('responses are complete, and have the cookie', async () => {
    await using app = await startCompressed(createLocalSessions())
    expect(await getCompressed(app.port, '/text')).toBe('text')
    expect(await getCompressed(app.port, '/lines')).toBe('one two three')
    expect(await getCompressed(app.port, '/file')).toBe(await readFile(readme, 'utf8'))
  })

  test('a source that is faster than the session is saved waits, and goes on', async () => {
    const sessions = createLocalSessions()
    const source = Readable.from(Array.from({ length: 64 }, (_, index) => `${index}`.padEnd(65_536)))
    const paused = once(source, 'pause')
    const create: Sessions['create'] = async (...call) => {
      await paused
      return sessions.create(...call)
    }
    await using app = await startCompressed({ ...sessions, create }, source)
    expect((await getCompressed(app.port, '/source')).length).toBe(64 * 65_536)
  })
})

test('with Express, what a handler sends after a refusal is dropped, and ends no process', async () => {
  const app = express()
  const away = () => Promise.reject(new LarderError('STORE_TIMEOUT', 'Redis did not answer.'))
  app.use(onExpress.loadSessions({ ...createLocalSessions(), create: away }, options))
  app.get('/', (req, res) => {
    onExpress.sessionOf(req).data.seen = true
    const goOn = () => {
      res.write('two')
      res.end()
    }
    res.once('prefinish', () => process.nextTick(goOn))
    res.write('one')
  })
  await using server = await startServer(createServer(app))
  expect((await get(`http://127.0.0.1:${server.port}/`)).status).toBe(503)
})

test('with Express, the request of an upgrade has its session, and an outage is an error of its own', async () => {
  const sessions = createLocalSessions()
  await using app = await startExpress(sessions, options)
  const headers = { cookie: cookieOf(await get(`${app.url}/login`)) }
  const upgrade = (load: ReturnType<typeof onExpress.loadSessions>) =>
    new Promise((resolve) => {
      const req = { headers }
      load(req, {}, (error) => resolve(error ?? onExpress.sessionOf(req).user))
    })
  expect(await upgrade(onExpress.loadSessions(sessions, options))).toBe('ann')
  const outage = new LarderError('STORE_TIMEOUT', 'Redis did not answer.')
  const unavailable = { ...sessions, read: () => Promise.reject(outage) }
  expect(await upgrade(onExpress.loadSessions(unavailable, options))).toBe(outage)
})

test.each<[options: unknown, message: string]>([
  [undefined, 'loadSessions needs secrets'],
  [{}, 'loadSessions needs secrets'],
  [{ secrets: [] }, 'secrets must be one or several texts of at least 32 characters'],
  [{ secrets: 'short' }, 'secrets must be one or several texts'],
  [{ secrets: secret, cookieName: 'a b' }, "cookieName must be a name of letters, digits, '-' and '_'"],
  [{ secrets: secret, sameSite: 'none' }, "sameSite must be 'lax' or 'strict'"],
  [{ secret }, 'no option "secret". Write secrets.'],
])('loadSessions(sessions, %o) says what to write', (given, message) => {
  const frameworks = [onExpress, onFastify, onHono, onKoa]
  for (const { loadSessions: load } of frameworks)
    expect(() => load(createLocalSessions(), given as never)).toThrow(message)
})

test('sessionOf says so if loadSessions did not see the request', () => {
  expect(() => onExpress.sessionOf({})).toThrow(
    'sessionOf: this request has no session. Install loadSessions',
  )
})

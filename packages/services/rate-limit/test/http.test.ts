import { once } from 'node:events'
import { createServer, type IncomingMessage, request, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type HttpBindings, serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { startServer } from '@larder/servers'
import { virtualClock } from '@larder/testing'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { limitRequests as limitExpress } from '../src/express'
import { limitRequests as limitFastify } from '../src/fastify'
import { limitRequests as limitHono } from '../src/hono'
import { addressOf, createLocalRateLimiter, type RateLimiter } from '../src/index'
import { limitRequests as limitKoa } from '../src/koa'

interface Application extends AsyncDisposable {
  readonly url: string
}

/** How an application is started whose requests are limited by address, and which trusts these proxies: all if it is true. */
type Start = (limiter: RateLimiter, trusted?: string | true) => Promise<Application>

const isAdmin = (authorization: string | undefined) => authorization === 'admin of the server'

const startExpress: Start = async (limiter, trusted) => {
  const app = express()
  if (trusted !== undefined) app.set('trust proxy', trusted)
  app.use(
    limitExpress<express.Request>(limiter, {
      identify: (req) => (req.url === '/nobody' ? '' : addressOf(req.ip)),
      bypass: (req) => isAdmin(req.headers.authorization),
    }),
  )
  app.get('/', (_, res) => void res.send('hello'))
  app.get('/own', (_, res) => void res.set('RateLimit', 'own').send('hello'))
  app.get('/broken', () => {
    throw new Error('broken')
  })
  app.use((error: { code?: string }, _req: unknown, res: express.Response, _next: unknown) => {
    res.status(500).send(error.code)
  })
  const { port, ...server } = await startServer(createServer(app))
  return { url: `http://127.0.0.1:${port}`, ...server }
}

const startFastify: Start = async (limiter, trusted) => {
  const app = fastify(trusted === undefined ? {} : { trustProxy: trusted })
  app.addHook(
    'onRequest',
    limitFastify(limiter, {
      identify: (request: { ip: string; url: string }) =>
        request.url === '/nobody' ? '' : addressOf(request.ip),
      bypass: (request) =>
        isAdmin((request as unknown as { headers: { authorization?: string } }).headers.authorization),
    }),
  )
  app.get('/', () => 'hello')
  app.get('/own', (_, reply) => reply.header('RateLimit', 'own').send('hello'))
  app.get('/broken', () => {
    throw new Error('broken')
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, [Symbol.asyncDispose]: () => app.close() }
}

const startHono: Start = async (limiter, trusted) => {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(
    limitHono(limiter, {
      identify(c: Parameters<typeof getConnInfo>[0]) {
        if (c.req.path === '/nobody') return ''
        const forwarded = trusted === undefined ? undefined : c.req.header('x-forwarded-for')
        return addressOf(forwarded ?? getConnInfo(c).remote.address)
      },
      bypass: (c) => isAdmin(c.req.header('authorization')),
    }),
  )
  app.get('/', () => new Response('hello'))
  app.get('/own', () => new Response('hello', { headers: { RateLimit: 'own' } }))
  app.get('/broken', () => {
    throw new Error('broken')
  })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

const startKoa: Start = async (limiter, trusted) => {
  const count = trusted === true ? {} : { maxIpsCount: 1 }
  const app = new Koa(trusted === undefined ? {} : { proxy: true, ...count })
  app.silent = true
  app.use(
    limitKoa<Koa.Context>(limiter, {
      identify: (ctx) => (ctx.path === '/nobody' ? '' : addressOf(ctx.ip)),
      bypass: (ctx) => isAdmin(ctx.get('authorization')),
    }),
  )
  app.use((ctx) => {
    if (ctx.path === '/broken') throw new Error('broken')
    if (ctx.path === '/own') ctx.set('RateLimit', 'own')
    ctx.body = 'hello'
  })
  const { port, ...server } = await startServer(createServer(app.callback()))
  return { url: `http://127.0.0.1:${port}`, ...server }
}

const frameworks = { Express: startExpress, Fastify: startFastify, Hono: startHono, Koa: startKoa }

function openLimiter(limit = 2): RateLimiter {
  return createLocalRateLimiter({
    clock: virtualClock(),
    policies: [
      { name: 'per-minute', limit, window: '1m' },
      { name: 'per-day', limit: 100, window: '1d' },
    ],
  })
}

const get = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { connection: 'close', ...headers } })

describe.each(Object.entries(frameworks))('%s', (_, start) => {
  test('tells the state of each policy with every response, and refuses with 429 and problem details', async () => {
    await using app = await start(openLimiter())
    const first = await get(app.url)
    expect([first.status, await first.text()]).toEqual([200, 'hello'])
    expect(first.headers.get('ratelimit-policy')).toBe('"per-minute";q=2;w=60, "per-day";q=100;w=86400')
    expect(first.headers.get('ratelimit')).toBe('"per-minute";r=1;t=61, "per-day";r=99;t=87840')
    expect(first.headers.get('retry-after')).toBeNull()
    await get(app.url)
    const refused = await get(app.url)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(refused.headers.get('retry-after')).toBe('61')
    expect(refused.headers.get('ratelimit')).toBe('"per-minute";r=0;t=61, "per-day";r=98;t=87840')
    expect(await refused.json()).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      title: 'Request cannot be satisfied as assigned quota has been exceeded',
      status: 429,
      'violated-policies': ['per-minute'],
    })
  })

  test('tells it with the response to an error as well, and leaves a field that a handler sets itself', async () => {
    await using app = await start(openLimiter())
    const broken = await get(`${app.url}/broken`)
    expect([broken.status, broken.headers.get('ratelimit')]).toEqual([
      500,
      '"per-minute";r=1;t=61, "per-day";r=99;t=87840',
    ])
    expect((await get(`${app.url}/own`)).headers.get('ratelimit')).toBe('own')
  })

  test('counts by the address of the connection, whatever X-Forwarded-For says, unless its sender is trusted', async () => {
    await using app = await start(openLimiter())
    await using behindProxy = await start(openLimiter(), '127.0.0.1')
    const statuses = async (url: string) => {
      const responses = []
      for (let client = 1; client <= 4; client += 1)
        responses.push((await get(url, { 'x-forwarded-for': `192.0.2.${client}` })).status)
      return responses
    }
    expect(await statuses(app.url)).toEqual([200, 200, 429, 429])
    expect(await statuses(behindProxy.url)).toEqual([200, 200, 200, 200])
  })

  test('lets administrators pass without a count, and says how many there were', async () => {
    const limiter = openLimiter()
    await using app = await start(limiter)
    for (let call = 0; call < 5; call += 1) {
      const response = await get(app.url, { authorization: 'admin of the server' })
      expect([response.status, response.headers.get('ratelimit')]).toEqual([200, null])
    }
    expect(limiter.stats()).toMatchObject({ allowed: 0, refused: 0, bypassed: 5 })
    expect((await get(app.url)).status).toBe(200)
  })

  test('fails requests that name nobody, rather than counting all of them together', async () => {
    await using app = await start(openLimiter())
    const responses = await Promise.all([1, 2, 3].map(() => get(`${app.url}/nobody`)))
    expect(responses.map(({ status }) => status)).toEqual([500, 500, 500])
  })

  test('answers 503 if there is nothing to ask and nothing may pass', async () => {
    const closed = { allowed: false, by: 'none', policies: [], retryAfter: 1_000 } as const
    await using app = await start({ ...openLimiter(), consume: async () => closed })
    const response = await get(app.url)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await response.json()).toMatchObject({
      type: expect.stringContaining('temporary-reduced-capacity'),
    })
  })
})

/** The codes of the warnings during `work`. */
async function warningsOf(work: () => Promise<void>): Promise<unknown[]> {
  const codes: unknown[] = []
  const onWarning = (warning: NodeJS.ErrnoException) => codes.push(warning.code)
  process.on('warning', onWarning)
  await work()
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  return codes
}

test.each(Object.entries(frameworks))(
  '%s that counts all clients of a proxy together is warned of once, and only if there is a proxy',
  async (_, start) => {
    await using direct = await start(openLimiter())
    await using trusting = await start(openLimiter(), '127.0.0.1')
    await using app = await start(openLimiter())
    const forwarded = { 'x-forwarded-for': '192.0.2.1' }
    const codes = await warningsOf(async () => {
      await get(direct.url)
      await get(trusting.url, forwarded)
      await get(app.url, { ...forwarded, authorization: 'admin of the server' })
      await get(`${app.url}/nobody`, forwarded)
    })
    expect(codes).toEqual([])
    expect(
      await warningsOf(async () => {
        for (let call = 0; call < 3; call += 1) await get(app.url, forwarded)
      }),
    ).toEqual(['LARDER_UNTRUSTED_PROXY'])
  },
)

test.each([
  ['10.0.0.7', 'address:10.0.0.7', true],
  ['::ffff:172.20.0.1', '172.20.0.1', true],
  ['fd00::7', 'fd00:0:0:0::/64', true],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', true],
  ['10.0.0.7', 'user:42', false],
  ['10.0.0.7', '110.0.0.7', false],
  ['198.51.100.7', '198.51.100.7', false],
  ['::ffff:198.51.100.7', '198.51.100.7', false],
  ['2001:db8::7', '2001:db8:0:0::/64', false],
  ['not an address', 'not an address', false],
] as const)(
  'a request from %s that is counted as %s, with X-Forwarded-For, is one of a proxy that is not trusted: %s',
  async (remoteAddress, identity, isProxy) => {
    const limit = limitExpress<object>(openLimiter(), { identify: () => identity })
    const req = { socket: { remoteAddress }, headers: { 'x-forwarded-for': '192.0.2.1' } }
    const res = { statusCode: 200, setHeader: () => undefined, end: () => undefined }
    const codes = await warningsOf(() => new Promise((resolve) => limit(req, res, () => resolve())))
    expect(codes).toEqual(isProxy ? ['LARDER_UNTRUSTED_PROXY'] : [])
  },
)

test.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
  ['Koa', startKoa],
])('%s that takes the address from any client is warned of once, and no other', async (_, start) => {
  await using safe = await start(openLimiter())
  await using behindProxy = await start(openLimiter(), '127.0.0.1')
  await using app = await start(openLimiter(), true)
  const codes = await warningsOf(async () => {
    for (const { url } of [safe, behindProxy, app, app]) await get(url)
  })
  expect(codes).toEqual(['LARDER_TRUST_PROXY'])
})

test('the middleware of Express limits the upgrades of a plain server', async () => {
  const limit = limitExpress<IncomingMessage>(openLimiter(), {
    identify: ({ socket }) => addressOf(socket.remoteAddress),
  })
  const server = createServer().on('upgrade', (req, socket) => {
    const res = new ServerResponse(req)
    res.assignSocket(socket as Socket)
    res.once('finish', () => socket.resume().end())
    limit(req, res, () => res.writeHead(101).end())
  })
  await using app = await startServer(server)
  const upgrade = async () => {
    const headers = { connection: 'upgrade', upgrade: 'test' }
    const client = request({ port: app.port, headers }).end()
    const [response] = await Promise.race([once(client, 'response'), once(client, 'upgrade')])
    response.socket.destroy()
    return response.statusCode
  }
  expect([await upgrade(), await upgrade(), await upgrade()]).toEqual([101, 101, 429])
})

test.each([
  [undefined, 'needs identify'],
  [{}, 'needs identify'],
  [{ identify: 'ip' }, 'identify must be a function such as (req) => addressOf(req.ip)'],
  [{ keyGenerator: () => 'x' }, 'no option "keyGenerator"'],
])('limitRequests(limiter, %o) says what to write', (options, message) => {
  const limits: readonly ((limiter: RateLimiter, options: never) => unknown)[] = [
    limitExpress,
    limitFastify,
    limitHono,
    limitKoa,
  ]
  for (const limit of limits) expect(() => limit(openLimiter(), options as never)).toThrow(message)
})

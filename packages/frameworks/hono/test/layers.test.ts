import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { Hono, type MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { stream } from 'hono/streaming'
import { expect, test, vi } from 'vitest'
import { httpCache } from '../src/index'

const wrapBody: MiddlewareHandler = async (c, next) => {
  await next()
  c.res = new Response(`<main>${await c.res.text()}</main>`, c.res)
}

test('middleware in front of the cache can replace the body of a stored response by a longer one', async () => {
  const app = new Hono()
  app.use(wrapBody)
  app.use(httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' }))
  app.get('/page', (c) => c.text('text'))
  await using server = await startServer(createServer(getRequestListener(app.fetch)))
  await sendRequest(server.port, '/page')
  const { headers, body, isWhole } = await sendRequest(server.port, '/page')
  expect(headers['cache-status']).toMatch(/hit/)
  expect({ body, isWhole }).toEqual({ body: '<main>text</main>', isWhole: true })
})

test('fields that middleware sets before the cache stay with their request, and are sent with hits', async () => {
  const app = new Hono()
  app.use(async (c, next) => {
    const user = c.req.header('x-id')
    if (user !== undefined) c.header('x-user', user)
    c.header('x-request', c.req.path)
    if (c.req.header('origin') !== undefined) c.header('vary', 'Origin', { append: true })
    await next()
  })
  app.use(httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' }))
  app.get('/page', (c) => {
    c.header('vary', 'Accept', { append: true })
    return c.text('text', 200, { etag: '"v1"' })
  })
  await using server = await startServer(createServer(getRequestListener(app.fetch)))
  const send = async (fields: Record<string, string>) => {
    const { status, headers } = await sendRequest(server.port, '/page', { headers: fields })
    return [status, headers['x-user'], headers['x-request'], headers.vary]
  }
  expect(await send({ 'x-id': 'ada' })).toEqual([200, 'ada', '/page', 'Accept'])
  expect(await send({})).toEqual([200, undefined, '/page', 'Accept'])
  expect(await send({ origin: 'http://a' })).toEqual([200, undefined, '/page', 'Origin, Accept'])
  expect(await send({ 'if-none-match': '"v1"' })).toEqual([304, undefined, '/page', 'Accept'])
})

test('the Cache-Control that middleware in front of the cache sets for one request is sent to no other', async () => {
  const app = new Hono()
  app.use(async (c, next) => {
    const terms = c.req.header('x-terms')
    if (terms !== undefined) c.header('cache-control', terms)
    await next()
  })
  app.use(httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' }))
  app.get('/page', (c) => c.text('text'))
  const send = async (fields: Record<string, string>) => {
    const response = await app.request('/page', { headers: fields })
    await response.text()
    const { headers } = response
    return [headers.get('cache-status')?.includes('; hit'), headers.get('cache-control')]
  }
  expect(await send({ 'x-terms': 'public, max-age=30' })).toEqual([false, 'public, max-age=30'])
  // A body can have been read before it is stored.
  await vi.waitFor(async () => expect(await send({})).toEqual([true, 'no-cache']))
  expect(await send({ 'x-terms': 'private, no-store' })).toEqual([true, 'private, no-store'])
  expect(await send({})).toEqual([true, 'no-cache'])
})

test('a page whose stream() fails in its callback is not stored, since Hono ends it as if it were complete', async () => {
  let runs = 0
  const app = new Hono()
  app.use(httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' }))
  app.get('/page', (c) => {
    runs += 1
    const fail = async () => undefined
    return stream(
      c,
      async (page) => {
        await page.write('half a page')
        throw new Error('The database is away.')
      },
      fail,
    )
  })
  app.get('/whole', (c) => {
    c.header('content-length', '4')
    return stream(c, async (page) => void (await page.write('page')))
  })
  const readPage = async () => (await app.request('/page')).text()
  expect(await readPage()).toBe('half a page')
  // A body can have been read before its computation has ended.
  await vi.waitFor(async () => {
    expect(await readPage()).toBe('half a page')
    expect(runs).toBe(2)
  })
  await (await app.request('/whole')).text()
  await vi.waitFor(async () =>
    expect((await app.request('/whole')).headers.get('cache-status')).toMatch(/; hit/),
  )
})

test('middleware in front of the cache can add fields to a stored response, before and after its body is read', async () => {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.res.headers.set('x-late', 'early')
    c.header('x-after', String(c.res.body !== null))
  })
  app.use(httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' }))
  app.get('/page', (c) => c.text('text'))
  app.get('/untyped', (c) => c.body(new Uint8Array([1]), 200, { 'x-kind': 'bytes' }))
  await using server = await startServer(createServer(getRequestListener(app.fetch)))
  for (const [path, type] of [
    ['/page', 'text/plain; charset=UTF-8'],
    ['/untyped', 'text/plain; charset=UTF-8'],
  ] as const) {
    const first = await sendRequest(server.port, path)
    const { headers, body } = await sendRequest(server.port, path)
    expect(headers).toMatchObject({ 'x-late': 'early', 'x-after': 'true', 'content-type': type })
    expect({ type: first.headers['content-type'], body }).toEqual({ type, body: first.body })
    expect(headers['cache-status']).toMatch(/hit/)
  }
})

test('a client that has identified itself by a TLS certificate gets its own response', async () => {
  const app = new Hono<{ Bindings: { incoming: unknown; name: string } }>()
  app.use(httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' }))
  app.get('/account', (c) => c.text(`account of ${c.env.name}`))
  for (const name of ['ada', 'bob']) {
    const incoming = { socket: { getPeerCertificate: () => ({ subject: { CN: name } }) } }
    const response = await app.request('/account', {}, { incoming, name })
    expect(await response.text()).toBe(`account of ${name}`)
  }
})

test('a stream() without a type gets none, so that compression leaves it alone as it does without the cache', async () => {
  const app = new Hono()
  app.use(compress({ threshold: 0 }))
  app.use(httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), app }))
  app.use(cors({ origin: 'https://other.example' }))
  app.get('/page', (c) => stream(c, async (page) => void (await page.write('text'))))
  await using server = await startServer(createServer(getRequestListener(app.fetch)))
  const { headers, body } = await sendRequest(server.port, '/page', {
    headers: { 'accept-encoding': 'gzip' },
  })
  expect([headers['content-encoding'], headers.vary, body]).toEqual([undefined, 'Origin', 'text'])
})

test('a copy that refreshes a stale page, and that middleware in front of the cache answers, changes nothing for others', async () => {
  let clockOffset = 0
  let quota = 1
  let challenges = 0
  let runs = 0
  const app = new Hono()
  app.use((c, next) => {
    if (c.req.header('x-client') !== 'limited' || quota-- > 0) return next()
    challenges += 1
    return Promise.resolve(c.html('<h1>Are you a robot?</h1>'))
  })
  app.use(
    httpCache({
      app,
      cache: createCache({ name: 'test', store: memoryStore() }),
      clock: { now: () => Date.now() + clockOffset },
      ttl: '1m',
      staleWhileRevalidate: '1m',
    }),
  )
  app.get('/page', (c) => {
    runs += 1
    return c.text(`page ${runs}`)
  })
  await using server = await startServer(createServer(getRequestListener(app.fetch)))
  const bodyFor = async (headers = {}) => (await sendRequest(server.port, '/page', { headers })).body
  expect(await bodyFor()).toBe('page 1')
  clockOffset = 61_000
  expect(await bodyFor({ 'x-client': 'limited' })).toBe('page 1')
  await expect.poll(() => challenges).toBe(1)
  expect(await bodyFor()).toMatch(/^page [12]$/)
  await expect.poll(() => bodyFor()).toBe('page 2')
})

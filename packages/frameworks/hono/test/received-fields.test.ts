import { createServer, request as httpRequest } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { Hono, type MiddlewareHandler } from 'hono'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'
import { findReceivedFields } from '../src/received-fields'

const cacheWith = (options = {}) =>
  httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m', ...options })

/** Answers with a field of the request, as the handler sees it. */
function startEcho(layers: MiddlewareHandler[], name: string) {
  const app = new Hono()
  for (const layer of layers) app.use(layer)
  app.get('/page', (c) => c.text(c.req.header(name) ?? 'none'))
  return startServer(createServer(getRequestListener(app.fetch)))
}

async function isHit(port: number, headers = {}): Promise<boolean> {
  const response = await sendRequest(port, '/page', { headers })
  return response.headers['cache-status']?.includes('; hit') ?? false
}

test('a request of which no field was read is known by the fields that Node has received', async () => {
  const seen: unknown[] = []
  const record: MiddlewareHandler = (c, next) => {
    const received = findReceivedFields(c.req.raw, c.env.incoming)
    seen.push(received && [received.names.includes('x-a'), received.get('x-a'), received.get('x-b')])
    return next()
  }
  await using server = await startEcho([record], 'x-a')
  // The first request shows where its kind keeps the fields.
  for (let count = 0; count < 2; count += 1)
    await sendRequest(server.port, '/page', { headers: { 'X-A': '1' } })
  expect(seen.slice(1)).toEqual([[true, '1', null]])
})

test('a request is not known by them if a field was read before, or if one has several lines', async () => {
  const seen: unknown[] = []
  const record: MiddlewareHandler = (c, next) => {
    seen.push(findReceivedFields(c.req.raw, c.env.incoming))
    return next()
  }
  const read: MiddlewareHandler = (c, next) => {
    if (c.req.path === '/page') c.req.header('x-a')
    return next()
  }
  await using server = await startEcho([read, record], 'x-a')
  await sendRequest(server.port, '/page')
  await sendRequest(server.port, '/page')
  await new Promise((resolve) => {
    const headers = ['Host', 'a', 'X-A', '1', 'X-A', '2']
    httpRequest({ port: server.port, path: '/other', headers }, (response) => {
      response.resume().on('end', resolve)
    }).end()
  })
  expect(seen).toEqual([undefined, undefined, undefined])
})

test('a credential that a layer in front of the cache adds to the request keeps its response to its user', async () => {
  let user = 'ada'
  const authenticate: MiddlewareHandler = (c, next) => {
    c.req.raw.headers.set('authorization', user)
    return next()
  }
  await using server = await startEcho([authenticate, cacheWith()], 'authorization')
  expect((await sendRequest(server.port, '/page')).body).toBe('ada')
  user = 'bob'
  expect((await sendRequest(server.port, '/page')).body).toBe('bob')
})

test('a layer in front of the cache can replace the request', async () => {
  const language: MiddlewareHandler = (c, next) => {
    const headers = new Headers(c.req.raw.headers)
    headers.set('x-language', c.req.header('accept-language') ?? 'en')
    c.req.raw = new Request(c.req.raw, { headers })
    return next()
  }
  await using server = await startEcho([language, cacheWith({ vary: ['x-language'] })], 'x-language')
  const bodyFor = async (accepted: string) =>
    (await sendRequest(server.port, '/page', { headers: { 'accept-language': accepted } })).body
  expect([await bodyFor('de'), await bodyFor('fr'), await bodyFor('de')]).toEqual(['de', 'fr', 'de'])
})

test('a hit depends on the fields that Node has received', async () => {
  await using server = await startEcho([cacheWith()], 'x-a')
  expect(await isHit(server.port)).toBe(false)
  expect(await isHit(server.port)).toBe(true)
  expect(await isHit(server.port, { Authorization: 'Bearer ada' })).toBe(false)
  expect(await isHit(server.port, { 'X-Forwarded-Host': 'b' })).toBe(false)
  expect(await isHit(server.port, { 'If-Match': '"v1"' })).toBe(false)
  expect(await isHit(server.port, { 'Cache-Control': 'no-cache', Accept: '*/*' })).toBe(true)
  expect(await isHit(server.port)).toBe(true)
})

import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { Hono, type MiddlewareHandler } from 'hono'
import { expect, test } from 'vitest'
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

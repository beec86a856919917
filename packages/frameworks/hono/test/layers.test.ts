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

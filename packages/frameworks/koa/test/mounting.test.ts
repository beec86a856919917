import { createServer } from 'node:http'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

test('middleware in front of the cache works on hits: it adds fields, and its cookie keeps a response out of the store', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const app = new Koa()
    .use(async (ctx, next) => {
      await next()
      ctx.set('x-request-id', ctx.get('x-id'))
      if (ctx.path === '/session') ctx.cookies.set('session', '1')
    })
    .use(httpCache({ cache, ttl: '1m' }))
    .use((ctx) => {
      runs += 1
      ctx.body = { runs }
    })
  await using server = await startServer(createServer(app.callback()))
  const get = async (target: string, id: string) =>
    sendRequest(server.port, target, { headers: { 'x-id': id } })
  for (const id of ['r1', 'r2']) {
    const { body, headers } = await get('/page', id)
    expect([body, headers['content-type'], headers['x-request-id']]).toEqual([
      '{"runs":1}',
      'application/json; charset=utf-8',
      id,
    ])
  }
  for (const expected of ['{"runs":2}', '{"runs":3}']) {
    const { body, headers } = await get('/session', 'r')
    expect([body, headers['set-cookie']]).toEqual([expected, ['session=1; path=/; httponly']])
  }
})

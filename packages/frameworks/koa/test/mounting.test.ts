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

test('a field that middleware in front of the cache adds for one user, behind next(), is not sent to another', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  const app = new Koa()
    .use(async (ctx, next) => {
      await next()
      if (ctx.get('x-id') !== '') ctx.set('x-user', ctx.get('x-id'))
    })
    .use(httpCache({ cache, ttl: '1m' }))
    .use((ctx) => {
      ctx.set('x-page', '1')
      ctx.body = 'page'
    })
  await using server = await startServer(createServer(app.callback()))
  const send = async (fields: Record<string, string>) => {
    const { headers } = await sendRequest(server.port, '/page', { headers: fields })
    return [headers['x-user'], headers['x-page'], headers['content-type']]
  }
  expect(await send({ 'x-id': 'ada' })).toEqual(['ada', '1', 'text/plain; charset=utf-8'])
  expect(await send({})).toEqual([undefined, '1', 'text/plain; charset=utf-8'])
})

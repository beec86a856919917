import { gzipSync } from 'node:zlib'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import fastify, { type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

/** An application with a cache and one route, with hooks that were added before the cache or behind it. */
async function createApp(before: (app: FastifyInstance) => void, behind?: (app: FastifyInstance) => void) {
  const app = fastify()
  before(app)
  await app.register(httpCache, {
    cache: createCache({ name: 'test', store: memoryStore() }),
    ttl: '1m',
    scope: 'public',
  })
  behind?.(app)
  app.get('/page', async (_request, reply) => {
    reply.header('x-page', '1')
    return { page: 1 }
  })
  return app
}

const isHit = (headers: Record<string, unknown>) => String(headers['cache-status']).includes('; hit')

test.each(['in front of', 'behind'])(
  'onSend hooks that were added %s the cache run for each response, and their fields belong to its request',
  async (place) => {
    const addHook = (app: FastifyInstance) =>
      void app.addHook('onSend', async (request, reply, payload) => {
        const user = request.headers['x-id']
        if (user !== undefined) reply.header('x-user', user)
        reply.header('x-frame-options', 'DENY')
        return payload
      })
    const app = await (place === 'behind' ? createApp(() => undefined, addHook) : createApp(addHook))
    const send = async (fields: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') => {
      const { headers, body } = await app.inject({ method, url: '/page', headers: fields })
      const { 'x-user': user, 'x-page': page, 'x-frame-options': frame, 'content-length': length } = headers
      return { isHit: isHit(headers), user, page, frame, length, type: headers['content-type'], body }
    }
    const page = {
      page: '1',
      frame: 'DENY',
      length: '10',
      type: 'application/json; charset=utf-8',
      body: '{"page":1}',
    }
    expect(await send({ 'x-id': 'ada' })).toEqual({ ...page, isHit: false, user: 'ada' })
    expect(await send({})).toEqual({ ...page, isHit: true, user: undefined })
    expect(await send({ 'x-id': 'bob' })).toEqual({ ...page, isHit: true, user: 'bob' })
    expect(await send({ 'x-id': 'bob' }, 'HEAD')).toEqual({ ...page, isHit: true, user: 'bob', body: '' })
    await app.close()
  },
)

test('a hit is sent with the cookie that a hook sets for its client', async () => {
  const app = await createApp((app) => {
    app.addHook('onSend', async (request, reply, payload) => {
      if (request.headers.cookie === undefined) reply.header('set-cookie', 'visit=1')
      return payload
    })
  })
  await app.inject({ url: '/page', headers: { cookie: 'visit=1' } })
  const { headers } = await app.inject('/page')
  expect([isHit(headers), headers['set-cookie']]).toEqual([true, 'visit=1'])
  await app.close()
})

test('hooks get the payload of a hit as they get others, also behind compression and for a client that knows the page', async () => {
  const payloads: unknown[] = []
  const app = await createApp((app) => {
    app.addHook('onSend', async (_request, reply, payload) => {
      payloads.push(JSON.parse(String(payload)))
      reply.header('x-frame-options', 'DENY')
      return payload
    })
    app.addHook('onSend', async (_request, reply, payload) => {
      if (typeof payload !== 'string') return payload
      reply.header('content-encoding', 'gzip')
      return gzipSync(payload)
    })
  })
  const first = await app.inject('/page')
  const second = await app.inject('/page')
  expect([isHit(second.headers), second.rawPayload]).toEqual([true, first.rawPayload])
  expect(payloads).toEqual([{ page: 1 }, { page: 1 }])
  const known = { 'if-none-match': String(second.headers.etag) }
  const third = await app.inject({ url: '/page', headers: known })
  expect([third.statusCode, third.body, third.headers['x-frame-options']]).toEqual([304, '', 'DENY'])
  await app.close()
})

test('a body that a hook has changed is stored as it was sent, and not changed again', async () => {
  const app = await createApp((app) => {
    app.addHook('onSend', async (_request, reply, payload) => {
      reply.header('content-type', 'text/html')
      return `<main>${payload}</main>`
    })
  })
  for (const hit of [false, true]) {
    const { headers, body } = await app.inject('/page')
    expect([isHit(headers), headers['content-type'], body]).toEqual([
      hit,
      'text/html',
      '<main>{"page":1}</main>',
    ])
  }
  await app.close()
})

test('fields that a preSerialization hook sets are those of the stored response', async () => {
  const app = await createApp((app) => {
    app.addHook('preSerialization', async (_request, reply, payload) => {
      reply.header('x-total-count', '7')
      return payload
    })
    app.addHook('onSend', async (_request, _reply, payload) => payload)
  })
  for (const hit of [false, true]) {
    const { headers } = await app.inject('/page')
    expect([isHit(headers), headers['x-total-count']]).toEqual([hit, '7'])
  }
  await app.close()
})

test('an answer of the cache to a request whose handler ran has the fields of that request', async () => {
  const app = fastify()
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request', request.headers['x-id']))
  app.addHook('onSend', async (request, reply, payload) => {
    reply.header('set-cookie', `visit=${request.headers['x-id']}`)
    return payload
  })
  const cache = createCache({ name: 'test', store: memoryStore() })
  await app.register(httpCache, { cache, ttl: '1m', allowSetCookie: true })
  app.get('/page', async (request, reply) => {
    reply.headers({ etag: '"v1"', 'cache-control': 'max-age=0' })
    if (request.headers['if-none-match'] !== '"v1"') return 'page'
    return reply.code(304).send()
  })
  const send = async (id: string, fields: Record<string, string> = {}) => {
    const { statusCode, headers } = await app.inject({ url: '/page', headers: { 'x-id': id, ...fields } })
    return [statusCode, headers['x-request'], headers['set-cookie']]
  }
  expect(await send('a', { 'if-none-match': '"v1"' })).toEqual([304, 'a', 'visit=a'])
  expect(await send('b')).toEqual([200, 'b', 'visit=b'])
  expect(await send('c')).toEqual([200, 'c', 'visit=c'])
  await app.close()
})

import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import fastify, { type FastifyRequest, type preHandlerHookHandler } from 'fastify'
import { describe, expect, test } from 'vitest'
import { httpCache } from '../src/index'

declare module 'fastify' {
  interface FastifyRequest {
    userId?: string | undefined
  }
}

/** As authentication plugins are used: a hook of the route itself. */
const authenticate: preHandlerHookHandler = (request, reply, next) => {
  const { authorization } = request.headers
  if (authorization === undefined) return void reply.code(401).send('Who are you?')
  request.userId = authorization
  next()
}

/** Routes that authenticate by a hook of their own, one added before the cache and one after it. */
async function startRoutes(rule: { readonly scope: 'public' | 'private' }) {
  const cache = createCache({ name: 'test', store: memoryStore() })
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  const app = fastify()
  let runs = 0
  const respond = async (request: FastifyRequest) => {
    runs += 1
    return `${request.userId} ${runs}`
  }
  app.get('/before', { preHandler: authenticate }, respond)
  await app.register(httpCache, { cache, ttl: '1m', ...rule, user: (request) => request.userId })
  app.get('/after', { preHandler: authenticate }, respond)
  app.get('/several', { preHandler: [(_request, _reply, next) => next(), authenticate] }, respond)
  return {
    warnings,
    async get(url: string, user?: string) {
      const response = await app.inject({ url, headers: user === undefined ? {} : { authorization: user } })
      return `${response.statusCode} ${response.body}`
    },
    close: () => app.close(),
  }
}

describe.each(['/after', '/several'])('a route that authenticates in its own preHandler (%s)', (url) => {
  test('serves nobody a stored response who is not authenticated', async () => {
    const app = await startRoutes({ scope: 'public' })
    expect(await app.get(url, 'ada')).toBe('200 ada 1')
    expect(await app.get(url)).toBe('401 Who are you?')
    expect(await app.get(url, 'bob')).toBe('200 ada 1')
    await app.close()
  })

  test('knows the user when the cache asks for it', async () => {
    const app = await startRoutes({ scope: 'private' })
    const bodies = []
    for (const user of ['ada', 'bob', 'ada', 'bob']) bodies.push(await app.get(url, user))
    expect(bodies).toEqual(['200 ada 1', '200 bob 2', '200 ada 1', '200 bob 2'])
    await app.close()
  })
})

test('a route that was added before the cache is not cached, with a warning, because its hooks run later', async () => {
  const app = await startRoutes({ scope: 'public' })
  expect(await app.get('/before', 'ada')).toBe('200 ada 1')
  expect(await app.get('/before')).toBe('401 Who are you?')
  expect(await app.get('/before', 'ada')).toBe('200 ada 2')
  expect(app.warnings).toEqual([expect.stringContaining('httpCache: /before is not cached')])
  await app.close()
})

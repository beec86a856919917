import type { AddressInfo } from 'node:net'
import { rateLimitSuite } from '@larder/http-suite'
import { limitRequests } from '@larder/rate-limit/fastify'
import fastify, { type FastifyRequest } from 'fastify'
import { httpCache } from '../src/index'

rateLimitSuite(async ({ cache, limiter, isInFront }) => {
  const limit = limitRequests<FastifyRequest>(limiter, {
    identify: ({ headers }) => String(headers['x-client']),
  })
  const app = fastify({ forceCloseConnections: true })
  if (isInFront) app.addHook('onRequest', limit)
  await app.register(httpCache, { cache, ttl: '1m' })
  // Every hook runs before the look-up, so a limiter behind it is a part of the handler.
  app.get('/*', async (request, reply) => {
    if (!isInFront) await limit(request, reply)
    return reply.sent ? reply : reply.send('page')
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: () => app.close() }
})

import { httpCache as createHttpCache, type HttpCacheOptions, type Larder } from '@larder/http'
import { serveNode } from '@larder/node-http'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the handler can say about the response it makes. Present from `preHandler` on. */
    larder: Larder
  }
}

const register: FastifyPluginAsync<HttpCacheOptions<FastifyRequest>> = async (app, options) => {
  const cache = createHttpCache<FastifyRequest>(options)
  if (!app.hasRequestDecorator('larder')) app.decorateRequest('larder')
  // Not earlier: hooks that authenticate have run by now, so `user` knows who asks.
  app.addHook('preHandler', (request, reply, next) => {
    serveNode(cache, {
      req: request.raw,
      res: reply.raw,
      source: request,
      scheme: request.protocol,
      host: request.host,
      target: request.originalUrl,
      say(larder) {
        request.larder = larder
      },
      next: (error) => next(error as Error | undefined),
      takeOver: () => void reply.hijack(),
    })
  })
  app.addHook('onClose', async () => cache.close())
}

/**
 * A cache of responses for a Fastify application, or for the routes of one plugin.
 *
 * @example
 * ```ts
 * await app.register(httpCache, { cache, routes: { '/jobs/:id': { ttl: '1m' } } })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for options that cannot be meant.
 */
export const httpCache = plugin(register, { fastify: '5.x', name: '@larder/fastify' })

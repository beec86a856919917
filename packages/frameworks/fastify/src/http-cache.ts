import { httpCache as createHttpCache, type HttpCacheOptions, type ResponseHints } from '@larder/http'
import { serveNode } from '@larder/node-http'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** Controls how the response to this request is cached. Set from the hook `preHandler` on. */
    larder: ResponseHints
  }
}

const registerCache: FastifyPluginAsync<HttpCacheOptions<FastifyRequest>> = async (app, options) => {
  const cache = createHttpCache<FastifyRequest>(options)
  if (!app.hasRequestDecorator('larder')) app.decorateRequest('larder')
  // Not in an earlier hook: `user` needs the result of hooks that authenticate.
  app.addHook('preHandler', (request, reply, next) => {
    serveNode(cache, {
      req: request.raw,
      res: reply.raw,
      source: request,
      scheme: request.protocol,
      host: request.host,
      target: request.originalUrl,
      exposeHints(hints) {
        request.larder = hints
      },
      next: (error) => next(error as Error | undefined),
      detachFramework: () => void reply.hijack(),
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
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export const httpCache: FastifyPluginAsync<HttpCacheOptions<FastifyRequest>> = plugin(registerCache, {
  fastify: '5.x',
  name: '@larder/fastify',
})

import { type WebHandler, webHandler } from '@larder/node-http'
import type { FastifyPluginAsync } from 'fastify'

/** Options of {@link mount}. */
export interface MountOptions {
  readonly handler: WebHandler
}

/**
 * Mounts a handler of web-standard requests below the prefix that it is registered with.
 *
 * @example
 * ```ts
 * await app.register(mount, { prefix: '/larder', handler: adminHandler({ caches: cache, authorize }) })
 * ```
 */
export const mount: FastifyPluginAsync<MountOptions> = async (app, { handler }) => {
  const answer = webHandler(handler)
  // The handler reads the body itself.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const serve = (path: string) =>
    app.all(path, (request, reply) => {
      reply.hijack()
      request.raw.url = request.raw.url?.slice(app.prefix.length) || '/'
      answer(request.raw, reply.raw)
    })
  serve('/')
  serve('/*')
}

import { type WebHandler, webHandler } from '@larder/node-http'
import type { FastifyPluginAsync } from 'fastify'

/** Options of {@link mount}. */
export interface MountOptions {
  /** Answers the requests below the prefix, such as `adminHandler(…)`. */
  readonly handler: WebHandler
}

/**
 * Mounts a web-standard handler below the prefix that it is registered with.
 *
 * @example
 * ```ts
 * await app.register(mount, { prefix: '/larder', handler: adminHandler({ caches: cache, authorize }) })
 * ```
 */
export const mount: FastifyPluginAsync<MountOptions> = async (app, { handler }) => {
  const listener = webHandler(handler)
  // Fastify must not consume the body: the handler reads it.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const path of ['/', '/*'])
    app.all(path, (request, reply) => {
      reply.hijack()
      request.raw.url = request.raw.url?.slice(app.prefix.length) || '/'
      listener(request.raw, reply.raw)
    })
}

import { httpCache as createHttpCache, type HttpCacheOptions, type ResponseHints } from '@larder/http'
import { findBypass, serveNode } from '@larder/node-http'
import type { FastifyPluginAsync, FastifyRequest, preHandlerHookHandler } from 'fastify'
import plugin from 'fastify-plugin'
import { FastifyExchange, HookedExchange } from './fastify-exchange'
import { SendHooks } from './send-hooks'

declare module 'fastify' {
  interface FastifyRequest {
    /** Controls how the response to this request is cached. Set from the hook `preHandler` on. */
    larder: ResponseHints
  }
}

const registerCache: FastifyPluginAsync<HttpCacheOptions<FastifyRequest>> = async (app, options) => {
  const cache = createHttpCache<FastifyRequest>(options)
  const sendHooks = new SendHooks()
  const servedLast = Symbol('the cache is the last hook of the route')
  if (!app.hasRequestDecorator('larder')) app.decorateRequest('larder')

  const serve = (isUnauthenticated: boolean): preHandlerHookHandler => {
    const state = { isUnauthenticated, sendHooks }
    return (request, reply, next) => {
      const hints = findBypass(cache, request.raw, request.originalUrl)
      if (hints !== undefined) {
        request.larder = hints
        next()
        return
      }
      // A route that was added early does not end its hooks with the one that sends stored responses.
      const Exchange = sendHooks.exist && !isUnauthenticated ? HookedExchange : FastifyExchange
      serveNode(cache, new Exchange(request, reply, next, state))
    }
  }

  // After the hooks of the route itself, which authenticate: `user` needs their result, and hits must not skip them.
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, [servedLast]: true } as NonNullable<typeof route.config>
    // A connection that becomes a WebSocket has no response.
    if ('websocket' in route && route.websocket) return
    route.preHandler = [route.preHandler ?? [], serve(false)].flat()
    sendHooks.addTo(route)
  })
  app.addHook('onReady', async () => sendHooks.find(app))
  // Routes that were added before this plugin was loaded: here, their own hooks have not run.
  const serveEarly = serve(true)
  let hasWarned = false
  app.addHook('preHandler', (request, reply, next) => {
    if (servedLast in request.routeOptions.config) return next()
    if (!hasWarned && !request.is404) options.cache.warn(describeEarlyRoute(request.routeOptions.url))
    hasWarned ||= !request.is404
    return serveEarly.call(app, request, reply, next)
  })
  app.addHook('onClose', async () => cache.close())
}

function describeEarlyRoute(url = ''): string {
  return `httpCache: ${url} is not cached, because the route was added before the plugin was loaded. Write "await app.register(httpCache, …)" before the routes.`
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

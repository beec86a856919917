import {
  httpCache as createHttpCache,
  type HttpCache,
  type HttpCacheOptions,
  type ResponseHints,
  serveWeb,
} from '@larder/http'
import type { Context, MiddlewareHandler } from 'hono'
import { HonoExchange, type WebApplication } from './hono-exchange'
import { findReceivedFields } from './received-fields'

declare module 'hono' {
  interface ContextVariableMap {
    /** Controls how the response to this request is cached. Set by the middleware. */
    larder: ResponseHints
  }
}

/** Options of {@link httpCache}. */
export interface HonoCacheOptions extends HttpCacheOptions<Context> {
  /**
   * The application. `staleWhileRevalidate` needs it, to send a copy of the request through it in the background.
   * @defaultValue none: stale responses are refreshed before they are served
   */
  readonly app?: WebApplication | undefined
}

/** The middleware, with methods of its cache. */
export type HonoCache = MiddlewareHandler & Pick<HttpCache, 'invalidateUser' | 'close'>

/**
 * A cache of responses for a Hono application.
 *
 * @example
 * ```ts
 * app.use(httpCache({ cache, app, routes: { '/jobs/:id': { ttl: '1m' } } }))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export function httpCache(given: HonoCacheOptions): HonoCache {
  const { app, ...options } = given ?? {}
  const cache = createHttpCache<Context>(options)

  /** Not asynchronous itself: neither a hit nor a request that bypasses the cache takes a turn of the queue of promises. */
  const middleware: MiddlewareHandler = (c, next) => {
    const { raw } = c.req
    const { method, url } = raw
    const received = findReceivedFields(raw, c.env?.incoming)
    const target = url.slice(url.indexOf('/', url.indexOf('://') + 3))
    const cacheControl = (received ?? raw.headers).get('cache-control')
    const hints = cache.findBypass({ method, target, cacheControl })
    if (hints !== undefined) {
      c.set('larder', hints)
      return next()
    }
    const exchange = new HonoExchange(c, next, received, app)
    const response = serveWeb(cache, exchange)
    if (response instanceof Promise) return response.then((later) => exchange.answer(later))
    exchange.answer(response)
    return settled
  }

  return Object.assign(middleware, { invalidateUser: cache.invalidateUser, close: cache.close })
}

/** In place of a promise of its own for each hit. */
const settled = Promise.resolve()

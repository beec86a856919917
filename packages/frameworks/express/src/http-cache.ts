import type { HttpCacheOptions, Larder } from '@larder/http'
import { type Middleware, middlewareOf } from '@larder/node-http'
import type { Request } from 'express'

declare global {
  namespace Express {
    interface Request {
      /** What the handler can say about the response it makes. Present behind the middleware. */
      larder: Larder
    }
  }
}

/**
 * A cache of responses for an Express application, a router, or one route.
 *
 * @example
 * ```ts
 * app.use(httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } }))
 * app.get('/prices', httpCache({ cache, ttl: '10s' }), listPrices)
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for options that cannot be meant.
 */
export function httpCache(options: HttpCacheOptions<Request>): Middleware<Request> {
  return middlewareOf<Request>(options, (req) => ({
    scheme: req.protocol,
    // HTTP/1.0 need not name one.
    host: req.host ?? '',
    target: req.originalUrl,
  }))
}

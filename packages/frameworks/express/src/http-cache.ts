import type { HttpCacheOptions, ResponseHints } from '@larder/http'
import { type Middleware, middlewareOf } from '@larder/node-http'
import type { Request } from 'express'

declare global {
  namespace Express {
    interface Request {
      /** Controls how the response to this request is cached. Set by the middleware. */
      larder: ResponseHints
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
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export function httpCache(options: HttpCacheOptions<Request>): Middleware<Request> {
  return middlewareOf<Request>(options, (req) => ({
    scheme: req.protocol,
    host: hostOf(req),
    target: req.originalUrl,
  }))
}

/** The host with its port, as behind a trusted proxy. Empty without `Host`, which HTTP/1.0 allows. */
function hostOf(req: Request): string {
  // Without a proxy it is the field: to ask Express costs as much as to find the response.
  if (req.headers['x-forwarded-host'] === undefined) return req.headers.host ?? ''
  // Express 4 leaves the port out of `req.host`, and warns of its use.
  const { hostname = '', headers } = req
  return headers.host?.startsWith(`${hostname}:`) ? headers.host : hostname
}

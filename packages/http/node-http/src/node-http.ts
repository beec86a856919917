import type { IncomingMessage, ServerResponse } from 'node:http'
import { httpCache as createHttpCache, type HttpCacheOptions, type Larder } from '@larder/http'
import { type Described, serveNode } from './serve'

/** Where handlers find what they can say about their response. */
export interface WithLarder {
  larder: Larder
}

/** A middleware of `(req, res, next)` handlers, and an end to it. */
export interface Middleware<Q, R = ServerResponse> {
  (req: Q, res: R, next: (error?: unknown) => void): void
  /** Stops telling `purge` of invalidations. The cache stays open. */
  close(): void
}

/**
 * A cache of responses in front of `(req, res, next)` handlers: of node:http itself, Connect, and whatever else shows them.
 *
 * @example
 * ```ts
 * const responses = httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } })
 * createServer((req, res) => responses(req, res, () => handle(req, res)))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for options that cannot be meant.
 */
export function httpCache(options: HttpCacheOptions<IncomingMessage>): Middleware<IncomingMessage> {
  return middlewareOf(options, describeBare)
}

/** The same for a framework whose requests extend those of node:http; `describe` says what it makes of them. */
export function middlewareOf<Q extends IncomingMessage>(
  options: HttpCacheOptions<Q>,
  describe: (req: Q) => Described,
): Middleware<Q> {
  const cache = createHttpCache<Q>(options)
  const middleware = (req: Q, res: ServerResponse, next: (error?: unknown) => void) =>
    serveNode(cache, {
      req,
      res,
      source: req,
      ...describe(req),
      next,
      say: (larder) => void Object.assign(req, { larder } satisfies WithLarder),
      takeOver: () => undefined,
    })
  return Object.assign(middleware, { close: cache.close })
}

function describeBare(req: IncomingMessage): Described {
  const scheme = 'encrypted' in req.socket ? 'https' : 'http'
  const host = req.headers.host ?? ''
  const target = req.url ?? '/'
  // A target in absolute form names the host itself (RFC 9112 §3.2.2).
  const absolute = /^(https?):\/\/([^/?#]*)([^#]*)/i.exec(target)
  if (absolute === null) return { scheme, host, target }
  const [, itsScheme = scheme, itsHost = host, rest = ''] = absolute
  return { scheme: itsScheme.toLowerCase(), host: itsHost, target: rest.startsWith('/') ? rest : `/${rest}` }
}

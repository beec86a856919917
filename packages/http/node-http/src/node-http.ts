import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  httpCache as createHttpCache,
  type HttpCache,
  type HttpCacheOptions,
  type ResponseHints,
} from '@larder/http'
import type { RequestTarget } from './request-target'
import { serveNode } from './serve'

/** A request behind the middleware: `larder` controls how its response is cached. */
export interface WithLarder {
  larder: ResponseHints
}

/** A middleware for `(req, res, next)`, with methods of its cache. */
export interface Middleware<Q, R = ServerResponse> {
  (req: Q, res: R, next: (error?: unknown) => void): void
  /** Invalidates the responses stored for one user: `id` is what the option `user` returns for this user. */
  readonly invalidateUser: HttpCache['invalidateUser']
  /** Stops calling `purge`. The cache itself stays open. */
  close(): void
}

/**
 * A cache of responses in front of `(req, res, next)` handlers: those of `node:http` itself, of Connect and of similar
 * frameworks.
 *
 * @example
 * ```ts
 * const responses = httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } })
 * createServer((req, res) => responses(req, res, () => handle(req, res)))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export function httpCache(options: HttpCacheOptions<IncomingMessage>): Middleware<IncomingMessage> {
  return middlewareOf(options, describeTarget)
}

/**
 * The same for a framework whose requests extend those of `node:http`. `describe` returns the URL as the framework sees
 * it.
 */
export function middlewareOf<Q extends IncomingMessage>(
  options: HttpCacheOptions<Q>,
  describe: (req: Q) => RequestTarget,
): Middleware<Q> {
  const cache = createHttpCache<Q>(options)
  const handleRequest = (req: Q, res: ServerResponse, next: (error?: unknown) => void) =>
    serveNode(cache, {
      req,
      res,
      source: req,
      ...describe(req),
      next,
      exposeHints: (hints) => void Object.assign(req, { larder: hints } satisfies WithLarder),
      detachFramework: () => undefined,
    })
  return Object.assign(handleRequest, { invalidateUser: cache.invalidateUser, close: cache.close })
}

function describeTarget(req: IncomingMessage): RequestTarget {
  const { headers, url = '/' } = req
  // Connect and Polka keep the target before a mount has stripped its prefix.
  const { originalUrl = url } = req as IncomingMessage & { readonly originalUrl?: string }
  return {
    scheme: 'encrypted' in req.socket ? 'https' : 'http',
    // In HTTP/2, `:authority` takes the place of `Host` (RFC 9113 §8.3.1).
    host: (headers[':authority'] as string | undefined) ?? headers.host ?? '',
    target: originalUrl,
  }
}

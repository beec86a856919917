import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  httpCache as createHttpCache,
  type HttpCache,
  type HttpCacheOptions,
  type ResponseHints,
} from '@larder/http'
import { findBypass } from './find-bypass'
import type { RequestTarget } from './request-target'
import { serveNode } from './serve'

/** A request behind the middleware: `larder` controls how its response is cached. */
export interface WithLarder {
  larder: ResponseHints
}

type Next = (error?: unknown) => void

/** A middleware for `(req, res, next)`, with methods of its cache. */
export interface Middleware<Q, R = ServerResponse> {
  (req: Q, res: R, next: Next): void
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
  const handleRequest = (req: Q & Partial<WithLarder>, res: ServerResponse, next: Next) => {
    const hints = findBypass(cache, req, targetOf(req))
    if (hints !== undefined) {
      req.larder = hints
      next()
      return
    }
    const { scheme, host, target } = describe(req)
    serveNode(cache, {
      req,
      res,
      source: req,
      scheme,
      host,
      target,
      next,
      exposeHints(hints) {
        req.larder = hints
      },
      detachFramework,
    })
  }
  return Object.assign(handleRequest, { invalidateUser: cache.invalidateUser, close: cache.close })
}

/** These frameworks answer only what a handler asks them to. */
const detachFramework = () => undefined

function describeTarget(req: IncomingMessage): RequestTarget {
  const { headers } = req
  return {
    scheme: 'encrypted' in req.socket ? 'https' : 'http',
    // In HTTP/2, `:authority` takes the place of `Host` (RFC 9113 §8.3.1).
    host: (headers[':authority'] as string | undefined) ?? headers.host ?? '',
    target: targetOf(req),
  }
}

/** Connect, Polka and Express keep the target as it was before a mount has stripped its prefix. */
function targetOf(req: IncomingMessage & { readonly originalUrl?: string }): string {
  return req.originalUrl ?? req.url ?? '/'
}

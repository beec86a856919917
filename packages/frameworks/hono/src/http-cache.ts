import {
  httpCache as createHttpCache,
  type HttpCache,
  type HttpCacheOptions,
  hasClientCertificate,
  type ResponseHints,
  serveWeb,
} from '@larder/http'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { skipCallbackStreams } from './callback-streams'

declare module 'hono' {
  interface ContextVariableMap {
    /** Controls how the response to this request is cached. Set by the middleware. */
    larder: ResponseHints
  }
}

/** The application itself, or anything else that answers web-standard requests. */
export interface WebApplication {
  fetch(request: Request, env?: unknown, executionContext?: never): Response | Promise<Response>
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

  /** Not asynchronous itself, so that a request that bypasses the cache takes no turn of the queue of promises. */
  const middleware: MiddlewareHandler = (c, next) => {
    const { method, url, headers } = c.req.raw
    const target = url.slice(url.indexOf('/', url.indexOf('://') + 3))
    const hints = cache.findBypass({ method, target, cacheControl: headers.get('cache-control') })
    if (hints === undefined) return serve(c, next)
    c.set('larder', hints)
    return next()
  }

  async function serve(c: Context, next: Next): Promise<void> {
    let handled: Response | undefined
    const response = await serveWeb(cache, {
      request: c.req.raw,
      source: c,
      hasClientCertificate: hasClientCertificate(c.env?.incoming?.socket),
      exposeHints(hints) {
        c.set('larder', hints)
        skipCallbackStreams(c, hints)
      },
      async next(request) {
        c.req.raw = request
        await next()
        handled = c.res
        return handled
      },
      fieldsBefore: () => fieldsOf(c),
      sentFields: () => [...c.res.headers],
      fetch: app && ((request) => app.fetch(request, c.env, executionContextOf(c) as never)),
      waitUntil: (work) => executionContextOf(c)?.waitUntil(work),
    })
    // Reading `c.res` of a request that no handler has answered would create a response.
    if (response !== handled) replaceResponse(c, response)
  }

  return Object.assign(middleware, { invalidateUser: cache.invalidateUser, close: cache.close })
}

/** The fields set so far. Reading `c.res` would create a response, into which Hono merges that of the handler. */
function fieldsOf(c: Context): [string, string][] {
  // The type of a response without a body is a default.
  return [...c.newResponse(null).headers].filter(([name]) => name !== 'content-type')
}

/** Clears the response first: Hono merges the fields of the old response into an assigned one. */
function replaceResponse(c: Context, response: Response): void {
  c.res = undefined
  c.res = response
}

/** Undefined on runtimes without an execution context, where Hono's getter throws. */
function executionContextOf(c: Context): Context['executionCtx'] | undefined {
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}

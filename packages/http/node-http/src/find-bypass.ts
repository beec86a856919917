import type { IncomingMessage } from 'node:http'
import type { HttpCache, ResponseHints } from '@larder/http'

/**
 * The hints for the handler of a request that the cache has no part in, so that an integration continues at once;
 * undefined for a request to serve. `target` is path and query, before a router strips a prefix.
 *
 * @example
 * ```ts
 * const hints = findBypass(cache, req, req.url ?? '/')
 * if (hints === undefined) serveNode(cache, { req, res, next, … })
 * else {
 *   req.larder = hints
 *   next()
 * }
 * ```
 */
export function findBypass(
  cache: HttpCache<never>,
  req: IncomingMessage,
  target: string,
): ResponseHints | undefined {
  return cache.findBypass({ method: req.method ?? 'GET', target, cacheControl: findCacheControl(req) })
}

/** The first line is enough here. Read from the raw fields: `req.headers` parses all of them when it is first used. */
function findCacheControl({ rawHeaders }: IncomingMessage): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 'cache-control'.length && name.toLowerCase() === 'cache-control')
      return rawHeaders[index + 1]
  }
  return undefined
}

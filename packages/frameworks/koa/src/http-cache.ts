import type { OutgoingHttpHeaders } from 'node:http'
import {
  type Answer,
  httpCache as createHttpCache,
  type HttpCache,
  type HttpCacheOptions,
  joinFrontFields,
  type ResponseHints,
} from '@larder/http'
import { findBypass, serveNode, toBuffer } from '@larder/node-http'
import type { Context, Middleware } from 'koa'

declare module 'koa' {
  interface ExtendableContext {
    /** Controls how the response to this request is cached. Set by the middleware. */
    larder: ResponseHints
  }
}

/** The middleware, with methods of its cache. */
export type KoaCache = Middleware & Pick<HttpCache, 'invalidateUser' | 'close'>

/**
 * A cache of responses for a Koa application. Responses are stored as the whole application sends them, after the work
 * that middleware in front of the cache does behind its `await next()`; that middleware sees hits as well.
 *
 * @example
 * ```ts
 * app.use(httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } }))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export function httpCache(options: HttpCacheOptions<Context>): KoaCache {
  const cache = createHttpCache<Context>(options)
  const middleware = (ctx: Context, next: () => Promise<unknown>): Promise<unknown> => {
    const hints = findBypass(cache, ctx.req, ctx.originalUrl)
    if (hints !== undefined) {
      ctx.larder = hints
      return next()
    }
    let fieldsAfter: OutgoingHttpHeaders | undefined
    return new Promise<void>((resolve, reject) =>
      serveNode(cache, {
        req: ctx.req,
        res: ctx.res,
        source: ctx,
        scheme: ctx.protocol,
        host: ctx.host,
        target: ctx.originalUrl,
        exposeHints(hints) {
          ctx.larder = hints
        },
        next(error) {
          if (error !== undefined) return reject(error)
          const leaveHandler = () => {
            // With `respond: false` the handler writes to `ctx.res`, and may have more to set.
            if (ctx.respond !== false) fieldsAfter = ctx.res.getHeaders()
            resolve()
          }
          next().then(leaveHandler, reject)
        },
        fieldsAfter: () => fieldsAfter,
        detachFramework: () => undefined,
        sendAnswer(answer) {
          setResponse(ctx, answer)
          resolve()
        },
      }),
    )
  }
  return Object.assign(middleware, { invalidateUser: cache.invalidateUser, close: cache.close })
}

/** Lets Koa send the answer, so that middleware in front of the cache can add to it. */
function setResponse(ctx: Context, answer: Extract<Answer, { from: 'store' }>): void {
  const { status, removedNames = [], body } = answer
  const { res, response } = ctx
  const fields = joinFrontFields(answer, (name) => res.getHeader(name))
  for (const name of removedNames) res.removeHeader(name)
  response.status = status
  // Not by `response.set`, which takes twice as long.
  for (const name in fields) res.setHeader(name, fields[name] as string | string[])
  if (body !== undefined) response.body = toBuffer(body)
  // A body without a type is given one.
  if (fields['content-type'] === undefined) res.removeHeader('content-type')
}

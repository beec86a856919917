import {
  httpCache as createHttpCache,
  fromWebRequest,
  type Handler,
  type HandlerRun,
  type HttpCacheOptions,
  type OriginResponse,
  originResponse,
  type ResponseHints,
  toWebResponse,
  withChanges,
} from '@larder/http'
import type { Context, Env, MiddlewareHandler } from 'hono'

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

/** Copies of requests whose response only refreshes the store. */
const backgroundRuns = new WeakMap<Request, HandlerRun>()

/**
 * A cache of responses for a Hono application.
 *
 * @example
 * ```ts
 * app.use(httpCache({ cache, app, routes: { '/jobs/:id': { ttl: '1m' } } }))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for an unknown option or a value out of range.
 */
export function httpCache({ app, ...options }: HonoCacheOptions): MiddlewareHandler<Env> {
  const cache = createHttpCache<Context>(options)
  return async (c, next) => {
    const background = backgroundRuns.get(c.req.raw)
    if (background !== undefined) {
      c.set('larder', background.hints)
      return next()
    }
    const request = { ...fromWebRequest(c.req.raw), source: c }
    const answer = await cache.handle(request, describeHandler(c, next, app))
    if (answer.from === 'store') replaceResponse(c, toWebResponse(answer))
  }
}

function describeHandler(c: Context, next: () => Promise<void>, app: WebApplication | undefined): Handler {
  return {
    async run({ changes, hints }) {
      c.set('larder', hints)
      c.req.raw = withChanges(c.req.raw, changes)
      await next()
      return originResponse(c.res, (response) => replaceResponse(c, response))
    },
    async passThrough(hints) {
      c.set('larder', hints)
      await next()
    },
    runInBackground: app && ((run) => runInBackground(app, c, run)),
    waitUntil: (work) => executionContextOf(c)?.waitUntil(work),
  }
}

async function runInBackground(app: WebApplication, c: Context, run: HandlerRun): Promise<OriginResponse> {
  const request = withChanges(new Request(c.req.raw), run.changes)
  backgroundRuns.set(request, run)
  const response = await app.fetch(request, c.env, executionContextOf(c) as never)
  return originResponse(response, () => undefined)
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

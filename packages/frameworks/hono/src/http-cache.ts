import {
  type Answer,
  httpCache as createHttpCache,
  fromWebRequest,
  type Handler,
  type HandlerRun,
  type HttpCacheOptions,
  type Larder,
  type OriginResponse,
  originResponse,
  toWebResponse,
  withChanges,
} from '@larder/http'
import type { Context, Env, MiddlewareHandler } from 'hono'

declare module 'hono' {
  interface ContextVariableMap {
    /** What the handler can say about the response it makes. Present behind the middleware. */
    larder: Larder
  }
}

/** The application itself: anything that answers requests. */
export interface WebApplication {
  fetch(request: Request, env?: unknown, executionContext?: never): Response | Promise<Response>
}

/** Options of {@link httpCache}. */
export interface HonoCacheOptions extends HttpCacheOptions<Context> {
  /**
   * The application, which answers a copy of a request to refresh a stale response while the client has it already.
   * @defaultValue none: stale responses are refreshed before they are used
   */
  readonly app?: WebApplication | undefined
}

/** Copies of requests that the application answers into the cache. */
const reruns = new WeakMap<Request, HandlerRun>()

/**
 * A cache of responses for a Hono application.
 *
 * @example
 * ```ts
 * app.use(httpCache({ cache, app, routes: { '/jobs/:id': { ttl: '1m' } } }))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` for options that cannot be meant.
 */
export function httpCache({ app, ...options }: HonoCacheOptions): MiddlewareHandler<Env> {
  const cache = createHttpCache<Context>(options)
  return async (c, next) => {
    const rerun = reruns.get(c.req.raw)
    if (rerun !== undefined) {
      c.set('larder', rerun.larder)
      return next()
    }
    const answer = await cache.handle({ ...fromWebRequest(c.req.raw), source: c }, handlerOf(c, next, app))
    settle(c, answer)
  }
}

function handlerOf(c: Context, next: () => Promise<void>, app: WebApplication | undefined): Handler {
  return {
    async run({ changes, larder }) {
      c.set('larder', larder)
      c.req.raw = withChanges(c.req.raw, changes)
      await next()
      return originResponse(c.res, (response) => replace(c, response))
    },
    async pass(larder) {
      c.set('larder', larder)
      await next()
    },
    rerun: app && ((run) => rerunOn(app, c, run)),
    waitUntil: (work) => contextOf(c)?.waitUntil(work),
  }
}

async function rerunOn(app: WebApplication, c: Context, run: HandlerRun): Promise<OriginResponse> {
  const request = withChanges(new Request(c.req.raw), run.changes)
  reruns.set(request, run)
  return originResponse(await app.fetch(request, c.env, contextOf(c) as never), () => undefined)
}

function settle(c: Context, answer: Answer): void {
  if (answer.from === 'store') replace(c, toWebResponse(answer))
}

/** Assigning a second response would add the fields of the first. */
function replace(c: Context, response: Response): void {
  c.res = undefined
  c.res = response
}

/** Only some runtimes have one, and Hono throws where there is none. */
function contextOf(c: Context): Context['executionCtx'] | undefined {
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}

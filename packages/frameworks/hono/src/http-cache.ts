import {
  httpCache as createHttpCache,
  drainStream,
  type Fields,
  fromWebRequest,
  type Handler,
  type HandlerRun,
  type HttpCacheOptions,
  type OriginHead,
  observeWebResponse,
  type ResponseHints,
  type ResponseObserver,
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

/** A copy of a request, whose response only refreshes the store. */
interface BackgroundRequest {
  readonly run: HandlerRun
  readonly observer: ResponseObserver
  /** It has reached the cache. A response from a layer in front of it does not count. */
  isObserved: boolean
}

const backgroundRequests = new WeakMap<Request, BackgroundRequest>()

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
    const background = backgroundRequests.get(c.req.raw)
    if (background !== undefined) {
      background.isObserved = true
      return observeNext(c, next, background.run, background.observer)
    }
    const handler = new HonoHandler(c, next, app)
    const answer = await cache.handle({ ...fromWebRequest(c.req.raw), source: c }, handler)
    await handler.running
    if (answer.from === 'store') replaceResponse(c, toWebResponse(answer))
  }
}

/** The handler behind the cache for one request. */
class HonoHandler implements Handler {
  /** Settles when the handler's response is that of the context; rejects with the handler's exception. */
  running: Promise<void> | undefined
  readonly #c: Context
  readonly #next: () => Promise<void>
  readonly runInBackground: Handler['runInBackground']

  constructor(c: Context, next: () => Promise<void>, app: WebApplication | undefined) {
    this.#c = c
    this.#next = next
    this.runInBackground = app && ((run, observer) => void runInBackground(app, c, run, observer))
  }

  run(run: HandlerRun, observer: ResponseObserver): void {
    this.#c.req.raw = withChanges(this.#c.req.raw, run.changes)
    this.running = observeNext(this.#c, this.#next, run, observer)
  }

  passThrough(hints: ResponseHints, onHead?: (head: OriginHead) => Fields): void {
    this.#c.set('larder', hints)
    this.running = this.#next().then(() => {
      const { status, headers } = this.#c.res
      const added = onHead?.({ status, fields: [...headers] }) ?? []
      for (const [name, value] of added) this.#c.res.headers.append(name, value)
    })
  }

  waitUntil(work: Promise<unknown>): void {
    executionContextOf(this.#c)?.waitUntil(work)
  }
}

/** Runs the handler, and shows its response to the observer. */
async function observeNext(
  c: Context,
  next: () => Promise<void>,
  run: HandlerRun,
  observer: ResponseObserver,
): Promise<void> {
  c.set('larder', run.hints)
  // A server does not read the body for a client that has left.
  const { signal } = c.req.raw
  if (signal.aborted) observer.abort()
  else signal.addEventListener('abort', () => observer.abort(), { once: true })
  try {
    await next()
  } catch (error) {
    if (!observer.fail(error)) throw error
    return
  }
  const response = await observeWebResponse(c.res, run, observer, () => [...c.res.headers])
  if (response !== undefined && response !== c.res) replaceResponse(c, response)
}

async function runInBackground(
  app: WebApplication,
  c: Context,
  run: HandlerRun,
  observer: ResponseObserver,
): Promise<void> {
  const request = withChanges(new Request(c.req.raw, { signal: null }), run.changes)
  const background: BackgroundRequest = { run, observer, isObserved: false }
  backgroundRequests.set(request, background)
  try {
    const response = await app.fetch(request, c.env, executionContextOf(c) as never)
    await drainStream(response.body)
    if (!background.isObserved) observer.abort()
  } catch (error) {
    observer.fail(error)
  }
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

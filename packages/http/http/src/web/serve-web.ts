import type { Handler, HandlerRun, OriginHead, ResponseHints, ResponseObserver } from '../contracts/handler'
import { type Fields, replaceFields } from '../fields/fields'
import type { HttpCache } from '../http-cache'
import { drainStream } from './copy-stream'
import { fromWebRequest, withChanges } from './web-request'
import { observeWebResponse, ReplacedResponse, toWebResponse, withFields } from './web-response'

/** One request in a framework of web-standard requests and responses. `S` is the framework's own request. */
export interface WebExchange<S> {
  readonly request: Request
  readonly source: S
  /** The client has identified itself by a TLS certificate; see {@link hasClientCertificate}. @defaultValue false */
  readonly hasClientCertificate?: boolean | undefined
  /** Makes the hints available to the handler, as `larder`. */
  exposeHints(hints: ResponseHints): void
  /** Runs the handler. `request` may have other fields than the client's: a condition that validates a stored response. */
  next(request: Request): Response | Promise<Response>
  /**
   * The fields that layers in front of the cache have set for this request so far: they belong to it, and are not stored.
   * @defaultValue none
   */
  fieldsBefore?(): Fields
  /**
   * The fields that the client has received, once the body has ended: layers in front of the cache may have added some.
   * @defaultValue those of the handler's response
   */
  sentFields?(): Fields
  /**
   * Sends a request through the whole application, to refresh a stored response in the background. Leave it out if the
   * framework cannot do that: `staleWhileRevalidate` has no effect then.
   */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined
  /** Keeps the runtime alive until the promise settles, for runtimes that stop once the client has its response. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/** One run of the handler. */
interface ObservedRun {
  readonly request: Request
  /** The fields that layers in front of the cache have set. */
  readonly before: Fields
  readonly run: HandlerRun
  readonly observer: ResponseObserver
}

/** A copy of a request, whose response only refreshes the store. */
interface BackgroundRequest extends Pick<ObservedRun, 'run' | 'observer'> {
  /** It has reached the cache. A response from a layer in front of it does not count. */
  isObserved: boolean
}

const backgroundRequests = new WeakMap<Request, BackgroundRequest>()

/**
 * Resolves with the response to a request: from the cache, or from the handler, whose response is copied while the client
 * reads it. Rejects with the handler's exception. An integration for a framework of web-standard requests needs only this.
 *
 * @example
 * ```ts
 * const cache = httpCache<Request>({ cache, ttl: '1m' })
 * export const fetch = (request: Request) =>
 *   serveWeb(cache, { request, source: request, exposeHints: () => undefined, next: handleRequest })
 * ```
 */
export async function serveWeb<S>(cache: HttpCache<S>, exchange: WebExchange<S>): Promise<Response> {
  const { request } = exchange
  const background = backgroundRequests.get(request)
  if (background !== undefined) {
    background.isObserved = true
    const before = exchange.fieldsBefore?.() ?? []
    const outcome = await observeNext(exchange, { request, before, ...background })
    return outcome instanceof ReplacedResponse ? discarded() : outcome
  }
  const handler = new WebHandler(exchange)
  // Awaited only if necessary: a hit then takes no turn of the queue of promises.
  const found = cache.handle(fromWebRequest(request, exchange), handler)
  const answer = found instanceof Promise ? await found : found
  const response = handler.response && (await handler.response)
  return answer.from === 'store' ? toWebResponse(answer, handler.before) : (response ?? discarded())
}

/** In place of a response that the cache has replaced. */
const discarded = () => new Response(null, { status: 204 })

/** The handler behind the cache for one request. */
class WebHandler implements Handler {
  /** The response for the client; undefined if the cache answers instead. Rejects with the handler's exception. */
  response: Promise<Response | undefined> | undefined
  readonly #exchange: WebExchange<unknown>
  #before: Fields | undefined
  readonly runInBackground: Handler['runInBackground']
  readonly waitUntil: Handler['waitUntil']

  constructor(exchange: WebExchange<unknown>) {
    const { request, fetch, waitUntil } = exchange
    this.#exchange = exchange
    this.runInBackground = fetch && ((run, observer) => void runInBackground(request, fetch, run, observer))
    this.waitUntil = waitUntil
  }

  /** The fields of other layers for this request: not those that the handler has set since, unless they describe the request. */
  get before(): Fields {
    this.#before ??= this.#exchange.fieldsBefore?.() ?? []
    return this.#before
  }

  run(run: HandlerRun, observer: ResponseObserver): void {
    const request = withChanges(this.#exchange.request, run.changes)
    const { before } = this
    this.response = this.#observe({ request, before, run, observer })
  }

  async #observe(observed: ObservedRun): Promise<Response | undefined> {
    const response = await observeNext(this.#exchange, observed)
    if (!(response instanceof ReplacedResponse)) return response
    this.#before = replaceFields(observed.before, response.requestFields)
    return undefined
  }

  passThrough(hints: ResponseHints, onHead?: (head: OriginHead) => Fields): void {
    this.response = this.#passThrough(hints, onHead)
  }

  async #passThrough(hints: ResponseHints, onHead?: (head: OriginHead) => Fields): Promise<Response> {
    this.#exchange.exposeHints(hints)
    const response = await this.#exchange.next(this.#exchange.request)
    if (onHead === undefined) return response
    const { status, headers } = response
    const fields: Fields = [...headers]
    return withFields(response, fields, onHead({ status, fields }))
  }
}

/** Runs the handler, and shows its response to the observer. */
async function observeNext(
  exchange: WebExchange<unknown>,
  { request, before, run, observer }: ObservedRun,
): Promise<Response | ReplacedResponse> {
  exchange.exposeHints(run.hints)
  // A server does not read the body for a client that has left.
  const { signal } = request
  if (signal.aborted) observer.abort()
  else signal.addEventListener('abort', () => observer.abort(), { once: true })
  let response: Response
  try {
    response = await exchange.next(request)
  } catch (error) {
    if (!observer.fail(error)) throw error
    return new ReplacedResponse()
  }
  const { isReplaceable } = run
  const sentFields = () => exchange.sentFields?.() ?? [...response.headers]
  return observeWebResponse(response, { isReplaceable, before, sentFields }, observer)
}

async function runInBackground(
  original: Request,
  fetch: NonNullable<WebExchange<unknown>['fetch']>,
  run: HandlerRun,
  observer: ResponseObserver,
): Promise<void> {
  const request = withChanges(new Request(original, { signal: null }), run.changes)
  const background: BackgroundRequest = { run, observer, isObserved: false }
  backgroundRequests.set(request, background)
  try {
    const response = await fetch(request)
    await drainStream(response.body)
    if (!background.isObserved) observer.abort()
  } catch (error) {
    observer.fail(error)
  }
}

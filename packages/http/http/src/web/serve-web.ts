import type {
  Answer,
  Handler,
  HandlerRun,
  OriginHead,
  ResponseHints,
  ResponseObserver,
} from '../contracts/handler'
import { type FieldReader, type Fields, replaceFields } from '../fields/fields'
import type { HttpCache } from '../http-cache'
import { drainStream } from './copy-stream'
import { fromWebRequest, withChanges } from './web-request'
import { observeWebResponse, ReplacedResponse, toWebResponse, withFields } from './web-response'

/** One request in a framework of web-standard requests and responses. `S` is the framework's own request. */
export interface WebExchange<S> {
  readonly request: Request
  readonly source: S
  /** The fields of the request, if they are read faster than by its `Headers`. @defaultValue those of `request` */
  readonly headers?: FieldReader | undefined
  /**
   * The names of all fields of the request in lower case, if the framework knows them without reading each: the cache asks for
   * no other field. @defaultValue not known: each field that decides about caching is asked for
   */
  readonly fieldNames?: readonly string[] | undefined
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
 * Answers a request from the cache, at once if nothing has to be awaited, or by the handler, whose response is copied while
 * the client reads it. Rejects with the handler's exception. An integration for a framework of web-standard requests needs
 * only this.
 *
 * @example
 * ```ts
 * const cache = httpCache<Request>({ cache, ttl: '1m' })
 * export const fetch = (request: Request) =>
 *   serveWeb(cache, { request, source: request, exposeHints: () => undefined, next: handleRequest })
 * ```
 */
export function serveWeb<S>(cache: HttpCache<S>, exchange: WebExchange<S>): Response | Promise<Response> {
  const background = backgroundRequests.get(exchange.request)
  if (background !== undefined) return runForStore(exchange, background)
  const handler = new WebHandler(exchange)
  const answer = cache.handle(fromWebRequest(exchange.request, exchange), handler)
  return answer instanceof Promise ? answer.then((found) => handler.respond(found)) : handler.respond(answer)
}

/** Runs the handler for a request that only refreshes the store. */
async function runForStore(exchange: WebExchange<unknown>, background: BackgroundRequest): Promise<Response> {
  background.isObserved = true
  const before = exchange.fieldsBefore?.() ?? []
  const outcome = await observeNext(exchange, { request: exchange.request, before, ...background })
  return outcome instanceof ReplacedResponse ? discarded() : outcome
}

/** In place of a response that the cache has replaced. */
const discarded = () => new Response(null, { status: 204 })

/** The handler behind the cache for one request. */
class WebHandler implements Handler {
  readonly #exchange: WebExchange<unknown>
  /** The response for the client; undefined if the cache answers instead. Rejects with the handler's exception. */
  #response: Promise<Response | undefined> | undefined
  #before: Fields | undefined

  constructor(exchange: WebExchange<unknown>) {
    this.#exchange = exchange
  }

  get runInBackground(): Handler['runInBackground'] {
    const { request, fetch } = this.#exchange
    return fetch && ((run, observer) => void runInBackground(request, fetch, run, observer))
  }

  waitUntil(work: Promise<unknown>): void {
    this.#exchange.waitUntil?.(work)
  }

  /** The response for the client. A response of the handler that the cache has replaced is awaited for its fields. */
  respond(answer: Answer): Response | Promise<Response> {
    if (this.#response !== undefined) return this.#respondAfterRun(answer, this.#response)
    return answer.from === 'store' ? toWebResponse(answer, this.before) : discarded()
  }

  async #respondAfterRun(answer: Answer, run: Promise<Response | undefined>): Promise<Response> {
    const response = await run
    return answer.from === 'store' ? toWebResponse(answer, this.before) : (response ?? discarded())
  }

  /** The fields of other layers for this request: not those that the handler has set since, unless they describe the request. */
  get before(): Fields {
    this.#before ??= this.#exchange.fieldsBefore?.() ?? []
    return this.#before
  }

  run(run: HandlerRun, observer: ResponseObserver): void {
    const request = withChanges(this.#exchange.request, run.changes)
    const { before } = this
    this.#response = this.#observe({ request, before, run, observer })
  }

  async #observe(observed: ObservedRun): Promise<Response | undefined> {
    const response = await observeNext(this.#exchange, observed)
    if (!(response instanceof ReplacedResponse)) return response
    this.#before = replaceFields(observed.before, response.requestFields)
    return undefined
  }

  passThrough(hints: ResponseHints, onHead?: (head: OriginHead) => Fields): void {
    this.#response = this.#passThrough(hints, onHead)
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

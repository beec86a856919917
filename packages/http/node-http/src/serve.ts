import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import {
  type Answer,
  type FieldRecord,
  type Fields,
  type Handler,
  type HandlerRun,
  type HttpCache,
  joinFrontFields,
  type OriginHead,
  type ResponseHints,
  type ResponseObserver,
} from '@larder/http'
import { canRunInBackground, findBackgroundRequest, runInBackground } from './background-request'
import type { ObservedSpan } from './observed-span'
import { openWire } from './open-wire'
import { applyChanges } from './request-changes'
import { describeRequest, type RequestTarget } from './request-target'
import { SentFields } from './sent-fields'
import { toBuffer } from './stored-body'
import { ResponseTap } from './tap-response'

/** One request in a framework on `node:http`. `S` is the framework's own request. */
export interface NodeExchange<S> extends RequestTarget {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly source: S
  /** Makes the hints available to the handler, as `req.larder`. */
  exposeHints(hints: ResponseHints): void
  /** Continues with the handler; with an error, with the framework's error handling. */
  next(error?: unknown): void
  /** Fields that the framework holds for this response and has not set on `res` yet. @defaultValue none */
  pendingFields?(): OutgoingHttpHeaders
  /**
   * The fields as the handler left them, once it is done. For frameworks whose layers in front of the cache change the
   * response after the handler and before its head is written: what they add belongs to this request.
   * @defaultValue those of the head
   */
  fieldsAfter?(): OutgoingHttpHeaders | undefined
  /** Tells the framework that the response is sent without it. Called before a response from the store. */
  detachFramework(): void
  /** Sends a response from the store through the framework. @defaultValue it is written to `res` */
  sendAnswer?(answer: Extract<Answer, { from: 'store' }>): void
}

/**
 * Answers a request from the cache, or lets the framework run the handler and stores a copy of its response. An
 * integration for a framework on `node:http` needs only this.
 *
 * @example
 * ```ts
 * serveNode(cache, {
 *   req, res, next,
 *   source: req,
 *   scheme: 'https',
 *   host: req.headers.host ?? '',
 *   target: req.url ?? '/',
 *   exposeHints: (hints) => Object.assign(req, { larder: hints }),
 *   detachFramework: () => undefined,
 * })
 * ```
 */
export function serveNode<S>(cache: HttpCache<S>, exchange: NodeExchange<S>): void {
  const { req, res } = exchange
  const background = findBackgroundRequest(req)
  if (background !== undefined) {
    exchange.exposeHints(background.observe(res, spanOf(exchange)))
    exchange.next()
    return
  }
  const headers = new SentFields(req.headers)
  const handler = new NodeHandler(exchange, headers)
  const answer = cache.handle(describeRequest(exchange, headers), handler)
  if (!(answer instanceof Promise)) handler.send(answer)
  else answer.then((found) => handler.send(found)).catch((error) => handler.continueWithout(error))
}

/** The handler behind the cache for one request. A class, because an object of closures costs each hit 0.5 µs. */
class NodeHandler implements Handler {
  readonly #exchange: NodeExchange<unknown>
  readonly #headers: SentFields
  #tap: ResponseTap | undefined
  #hasRun = false

  constructor(exchange: NodeExchange<unknown>, headers: SentFields) {
    this.#exchange = exchange
    this.#headers = headers
  }

  run({ changes, hints, isReplaceable }: HandlerRun, observer: ResponseObserver): void {
    const { req, res } = this.#exchange
    this.#tap = new ResponseTap(res, { isReplaceable, ...spanOf(this.#exchange), observer })
    this.#headers.takeSnapshot()
    applyChanges(req, changes)
    this.#continue(hints)
  }

  passThrough(hints: ResponseHints, onHead?: (head: OriginHead) => Fields): void {
    if (onHead !== undefined) openWire(this.#exchange.res, (status, fields) => onHead({ status, fields }))
    this.#continue(hints)
  }

  get runInBackground(): Handler['runInBackground'] {
    const { req, target } = this.#exchange
    if (!canRunInBackground(req)) return undefined
    return (run, observer) => runInBackground(req, target, run, observer)
  }

  /** Sends an answer of the cache, unless the application has answered in the meantime. */
  send(answer: Answer): void {
    if (answer.from === 'handler') return
    if (this.#tap !== undefined) {
      this.#tap.answer(answer)
      return
    }
    const exchange = this.#exchange
    const { res } = exchange
    if (res.headersSent || res.writableEnded || res.destroyed) return
    if (exchange.sendAnswer !== undefined) {
      exchange.sendAnswer(answer)
      return
    }
    const pending = exchange.pendingFields?.()
    exchange.detachFramework()
    for (const name in pending) if (pending[name] !== undefined) res.setHeader(name, pending[name])
    const hasFrontFields = res.getHeaderNames().length > 0
    res.writeHead(
      answer.status,
      (hasFrontFields ? joinFields(res, answer) : answer.fields) as OutgoingHttpHeaders,
    )
    res.end(answer.body && toBuffer(answer.body))
  }

  /** The cache has failed: the handler answers, if it has not run. */
  continueWithout(error: unknown): void {
    if (!this.#hasRun && !this.#exchange.res.headersSent) this.#pass(error)
  }

  #continue(hints: ResponseHints): void {
    this.#hasRun = true
    this.#exchange.exposeHints(hints)
    try {
      this.#exchange.next()
    } catch (error) {
      if (this.#tap?.fail(error) !== true) this.#pass(error)
    }
  }

  /** Gives an error to the framework. A `next` that takes none would run the handler again. */
  #pass(error: unknown): void {
    const exchange = this.#exchange
    if (exchange.next.length > 0) exchange.next(error)
    else
      queueMicrotask(() => {
        throw error
      })
  }
}

/** The fields of an answer, where layers in front of the cache have set some on the response. */
function joinFields(res: ServerResponse, answer: Extract<Answer, { from: 'store' }>): FieldRecord {
  for (const name of answer.removedNames ?? []) res.removeHeader(name)
  return joinFrontFields(answer, (name) => res.getHeader(name))
}

function spanOf(exchange: NodeExchange<unknown>): ObservedSpan {
  const fields = exchange.res.getHeaders()
  const pending = exchange.pendingFields?.()
  return {
    fieldsBefore: pending === undefined ? fields : { ...fields, ...pending },
    fieldsAfter: exchange.fieldsAfter && (() => exchange.fieldsAfter?.()),
  }
}

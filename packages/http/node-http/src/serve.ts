import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handler, HttpCache, ResponseHints } from '@larder/http'
import { createBackgroundRunner, findBackgroundRequest, interceptBackground } from './background-request'
import { type InterceptedResponse, interceptResponse } from './intercepted-response'
import { applyChanges } from './message-fields'
import { describeRequest, type RequestTarget } from './request-target'
import { SentFields } from './sent-fields'

/** One request in a framework on `node:http`. `S` is the framework's own request. */
export interface NodeExchange<S> extends RequestTarget {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly source: S
  /** Makes the hints available to the handler, as `req.larder`. */
  exposeHints(hints: ResponseHints): void
  /** Continues with the handler; with an error, with the framework's error handling. */
  next(error?: unknown): void
  /** Tells the framework that the response is sent without it. Called before a response from the store. */
  detachFramework(): void
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
  const { req, res, target, source, exposeHints, next } = exchange
  const background = findBackgroundRequest(req)
  if (background !== undefined) {
    exposeHints(background.run.hints)
    interceptBackground(background, res)
    next()
    return
  }
  const headers = new SentFields(req.headers)
  let intercepted: InterceptedResponse | undefined
  const handler: Handler = {
    run({ changes, hints }) {
      intercepted = interceptResponse(res)
      headers.takeSnapshot()
      applyChanges(req, changes)
      exposeHints(hints)
      next()
      return intercepted.head
    },
    async passThrough(hints) {
      exposeHints(hints)
      next()
    },
    runInBackground: createBackgroundRunner(req, target),
  }
  cache.handle({ ...describeRequest(exchange), headers, source }, handler).then(
    (answer) => {
      if (answer.from === 'handler') return
      if (intercepted !== undefined) return intercepted.sendInstead(answer.status, answer.fields, answer.body)
      exchange.detachFramework()
      res.writeHead(answer.status, answer.fields)
      res.end(answer.body)
    },
    (error) => {
      intercepted?.restore()
      next(error)
    },
  )
}

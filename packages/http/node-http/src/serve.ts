import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handler, HttpCache, Larder } from '@larder/http'
import { type HeldResponse, holdResponse } from './held-response'
import { applyChanges, createRerun, rerunOf, takeRerun } from './rerun'
import { SentFields } from './sent-fields'

/** What a framework makes of a request: behind a trusted proxy, it may know better than the bare request. */
export interface Described {
  readonly scheme: string
  readonly host: string
  /** Path and query as they came, before any router took parts away. */
  readonly target: string
}

/** A request on its way through a framework. `S` is the framework's own request. */
export interface NodeExchange<S> extends Described {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly source: S
  /** Puts what the handler can say where it finds it. */
  say(larder: Larder): void
  /** Lets the framework go on to the handler; with an error, to whatever handles errors. */
  next(error?: unknown): void
  /** Tells the framework that its handler is not going to answer. */
  takeOver(): void
}

/** Answers from the cache, or lets the framework go on and keeps a copy of what its handler answers. */
export function serveNode<S>(cache: HttpCache<S>, exchange: NodeExchange<S>): void {
  const { req, res, scheme, host, target, source, say, next } = exchange
  const rerun = rerunOf(req)
  if (rerun !== undefined) {
    say(rerun.run.larder)
    takeRerun(rerun, res)
    next()
    return
  }
  const headers = new SentFields(req.headers)
  let held: HeldResponse | undefined
  const handler: Handler = {
    run({ changes, larder }) {
      held = holdResponse(res)
      headers.secure()
      applyChanges(req, changes)
      say(larder)
      next()
      return held.head
    },
    async pass(larder) {
      say(larder)
      next()
    },
    rerun: createRerun(req, target),
  }
  cache.handle({ method: req.method ?? 'GET', scheme, host, target, headers, source }, handler).then(
    (answer) => {
      if (answer.from === 'handler') return
      if (held !== undefined) return held.answer(answer.status, answer.fields, answer.body)
      exchange.takeOver()
      res.writeHead(answer.status, answer.fields)
      res.end(answer.body)
    },
    (error) => {
      held?.giveUp()
      next(error)
    },
  )
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FieldReader, Handler, HttpCache, HttpRequest, Larder } from '@larder/http'
import { type HeldResponse, holdResponse } from './held-response'
import { applyChanges, createRerun, rerunOf, takeRerun } from './rerun'

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
  const { req, res, say, next } = exchange
  const rerun = rerunOf(req)
  if (rerun !== undefined) {
    say(rerun.run.larder)
    takeRerun(rerun, res)
    next()
    return
  }
  let held: HeldResponse | undefined
  const handler: Handler = {
    run({ changes, larder }) {
      held = holdResponse(res)
      applyChanges(req, changes)
      say(larder)
      next()
      return held.head
    },
    async pass(larder) {
      say(larder)
      next()
    },
    rerun: createRerun(req, exchange.target),
  }
  cache.handle(requestOf(exchange), handler).then(
    (answer) => {
      if (answer.from === 'handler') return
      if (held !== undefined) return held.answer(answer.status, answer.fields, answer.body)
      exchange.takeOver()
      res.writeHead(answer.status, answer.fields.flat())
      res.end(answer.body)
    },
    (error) => {
      held?.giveUp()
      next(error)
    },
  )
}

function requestOf<S>({ req, scheme, host, target, source }: NodeExchange<S>): HttpRequest<S> {
  return { method: req.method ?? 'GET', scheme, host, target, headers: readerOf(req), source }
}

/** The fields as the client sent them, though the handler be shown others. */
function readerOf({ headers }: IncomingMessage): FieldReader {
  const sent = { ...headers }
  return {
    get(name) {
      const value = sent[name]
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
    },
  }
}

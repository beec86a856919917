import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type FieldReader,
  type Handler,
  type HttpCacheOptions,
  type HttpRequest,
  httpCache,
  type Larder,
} from '@larder/http'
import { type HeldResponse, holdResponse } from './held-response'
import { applyChanges, createRerun, rerunOf, takeRerun } from './rerun'

/** What a framework knows better than the bare request. */
export interface Described {
  readonly scheme: string
  readonly host: string
  /** Path and query as they came, before any router took parts away. */
  readonly target: string
}

/** How to look at requests of one framework, and where handlers find what they can say. */
export interface NodeHttpOptions<Q extends IncomingMessage> extends HttpCacheOptions<Q> {
  /** @defaultValue the bare request's own fields */
  readonly describe?: ((req: Q) => Described) | undefined
}

/** A request on which handlers find what they can say about their response. */
export interface WithLarder {
  larder: Larder
}

/** The next handler; with an error, the one for errors. */
export type Next = (error?: unknown) => void

/** A middleware, and an end to it. */
export interface Middleware<Q extends IncomingMessage> {
  (req: Q, res: ServerResponse, next: Next): void
  /** Stops telling `purge` of invalidations. */
  close(): void
}

/**
 * A cache in front of `(req, res, next)` handlers: of node:http itself, Express, Connect, and whatever else shows them.
 *
 * @example
 * ```ts
 * const responses = nodeHttp({ cache, routes: { '/jobs/:id': { ttl: '1m' } } })
 * createServer((req, res) => responses(req, res, () => handle(req, res)))
 * ```
 */
export function nodeHttp<Q extends IncomingMessage = IncomingMessage>(
  options: NodeHttpOptions<Q>,
): Middleware<Q> {
  const { describe = describeBare, ...rest } = options
  const cache = httpCache<Q>(rest)

  function middleware(req: Q, res: ServerResponse, next: Next): void {
    const rerun = rerunOf(req)
    if (rerun !== undefined) {
      say(req, rerun.run.larder)
      takeRerun(rerun, res)
      next()
      return
    }
    let held: HeldResponse | undefined
    const described = describe(req)
    const handler: Handler = {
      run({ changes, larder }) {
        held = holdResponse(res)
        applyChanges(req, changes)
        say(req, larder)
        next()
        return held.head
      },
      async pass(larder) {
        say(req, larder)
        next()
      },
      rerun: createRerun(req, described.target),
    }
    cache.handle(requestOf(req, described), handler).then(
      (answer) => {
        if (answer.from === 'handler') return
        if (held !== undefined) return held.answer(answer.status, answer.fields, answer.body)
        res.writeHead(answer.status, answer.fields.flat())
        res.end(answer.body)
      },
      (error) => {
        held?.giveUp()
        next(error)
      },
    )
  }

  return Object.assign(middleware, { close: cache.close })
}

function say(req: IncomingMessage, larder: Larder): void {
  Object.assign(req, { larder } satisfies WithLarder)
}

function requestOf<Q extends IncomingMessage>(req: Q, described: Described): HttpRequest<Q> {
  return { method: req.method ?? 'GET', ...described, headers: readerOf(req), source: req }
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

function describeBare(req: IncomingMessage): Described {
  const scheme = 'encrypted' in req.socket ? 'https' : 'http'
  const target = req.url ?? '/'
  if (target.startsWith('/')) return { scheme, host: req.headers.host ?? '', target }
  return absolute(target, scheme, req)
}

/** A target in absolute form names the host itself (RFC 9112 §3.2.2). */
function absolute(target: string, scheme: string, req: IncomingMessage): Described {
  const match = /^(https?):\/\/([^/?#]*)([^#]*)/i.exec(target)
  if (match === null) return { scheme, host: req.headers.host ?? '', target }
  const [, own = scheme, host = '', rest = ''] = match
  return { scheme: own.toLowerCase(), host, target: rest.startsWith('/') ? rest : `/${rest}` }
}

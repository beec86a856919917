import { hasClientCertificate, type ResponseHints, type WebExchange } from '@larder/http'
import type { Context, Next } from 'hono'
import { skipCallbackStreams } from './callback-streams'
import type { ReceivedFields } from './received-fields'

/** The application itself, or anything else that answers web-standard requests. */
export interface WebApplication {
  fetch(request: Request, env?: unknown, executionContext?: never): Response | Promise<Response>
}

/** One request. A class, because an object of closures costs each hit half a microsecond. */
export class HonoExchange implements WebExchange<Context> {
  readonly request: Request
  readonly source: Context
  readonly headers: ReceivedFields | undefined
  readonly #next: Next
  readonly #app: WebApplication | undefined
  #handled: Response | undefined

  constructor(c: Context, next: Next, headers: ReceivedFields | undefined, app?: WebApplication) {
    this.request = c.req.raw
    this.source = c
    this.headers = headers
    this.#next = next
    this.#app = app
  }

  get fieldNames(): readonly string[] | undefined {
    return this.headers?.names
  }

  get hasClientCertificate(): boolean {
    return hasClientCertificate(this.source.env?.incoming?.socket)
  }

  get fetch(): WebExchange<Context>['fetch'] {
    const { source: c } = this
    const app = this.#app
    return app && ((request) => app.fetch(request, c.env, executionContextOf(c) as never))
  }

  exposeHints(hints: ResponseHints): void {
    this.source.set('larder', hints)
    skipCallbackStreams(this.source, hints)
  }

  async next(request: Request): Promise<Response> {
    this.source.req.raw = request
    await this.#next()
    this.#handled = this.source.res
    return this.#handled
  }

  /** The fields set so far. Reading `c.res` would create a response, into which Hono merges that of the handler. */
  fieldsBefore(): [string, string][] {
    const fields: [string, string][] = []
    // The type of a response without a body is a default.
    for (const line of this.source.newResponse(null).headers)
      if (line[0] !== 'content-type') fields.push(line)
    return fields
  }

  sentFields(): [string, string][] {
    return [...this.source.res.headers]
  }

  waitUntil(work: Promise<unknown>): void {
    executionContextOf(this.source)?.waitUntil(work)
  }

  /** Reading `c.res` of a request that no handler has answered would create a response. */
  answer(response: Response): void {
    if (response === this.#handled) return
    // Cleared first: Hono merges the fields of the old response into an assigned one.
    this.source.res = undefined
    this.source.res = response
  }
}

/** Undefined on runtimes without an execution context, where Hono's getter throws. */
function executionContextOf(c: Context): Context['executionCtx'] | undefined {
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}

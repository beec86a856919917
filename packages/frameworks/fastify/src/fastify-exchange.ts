import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { ResponseHints } from '@larder/http'
import type { NodeExchange } from '@larder/node-http'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { SendHooks, StoredAnswer } from './send-hooks'

/** How the route of a request is cached. */
interface RouteState {
  /** Hooks that authenticate may still have to run. */
  readonly isUnauthenticated: boolean
  readonly sendHooks: SendHooks
}

/** One request. A class, because an object of closures costs each hit half a microsecond. */
export class FastifyExchange implements NodeExchange<FastifyRequest> {
  readonly source: FastifyRequest
  readonly isUnauthenticated: boolean
  protected readonly reply: FastifyReply
  protected readonly sendHooks: SendHooks
  readonly #next: HookHandlerDoneFunction

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    next: HookHandlerDoneFunction,
    { isUnauthenticated, sendHooks }: RouteState,
  ) {
    this.source = request
    this.reply = reply
    this.#next = next
    this.isUnauthenticated = isUnauthenticated
    this.sendHooks = sendHooks
  }

  get req(): IncomingMessage {
    return this.source.raw
  }

  get res(): ServerResponse {
    return this.reply.raw
  }

  get scheme(): string {
    return this.source.protocol
  }

  get host(): string {
    return this.source.host
  }

  get target(): string {
    return this.source.originalUrl
  }

  exposeHints(hints: ResponseHints): void {
    this.source.larder = hints
  }

  next(error?: unknown): void {
    this.sendHooks.observe(this.reply)
    this.#next(error as Error | undefined)
  }

  fieldsAfter(): OutgoingHttpHeaders | undefined {
    return this.sendHooks.fieldsBefore(this.reply)
  }

  pendingFields(): OutgoingHttpHeaders {
    return this.reply.getHeaders() as OutgoingHttpHeaders
  }

  detachFramework(): void {
    this.reply.hijack()
  }
}

/** One request of an application with `onSend` hooks, through which its answer is sent. */
export class HookedExchange extends FastifyExchange {
  sendAnswer(answer: StoredAnswer): void {
    this.sendHooks.send(this.reply, answer)
  }
}

import type { OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { type Answer, joinFrontFields } from '@larder/http'
import type {
  FastifyInstance,
  FastifyReply,
  onSendHookHandler,
  preSerializationHookHandler,
  RouteOptions,
} from 'fastify'
import { payloadOf } from './payload'

/** A response from the store. */
export type StoredAnswer = Extract<Answer, { from: 'store' }>

/** Fastify's own hook, which its routes for HEAD have. */
const headHook = 'headRouteOnSendHandler()'

/** Fields that describe the stored body. Hooks that change bodies have set them for another one. */
const bodyFields = ['content-type', 'content-encoding', 'content-length', 'vary'] as const

/**
 * The `onSend` hooks of an application, such as those that set cookies. They run for each response, and belong to its
 * request: their fields are not stored, and they run for hits as well, which are sent with the stored body.
 */
export class SendHooks {
  /** Whether there are any: without, hits are written to the socket at once. Known when the application is ready. */
  exist = false
  readonly #fieldsOfHandler = new WeakMap<FastifyReply, OutgoingHttpHeaders>()
  readonly #answers = new WeakMap<FastifyReply, StoredAnswer>()

  /** `printRoutes` is Fastify's public list of hooks. */
  find(app: FastifyInstance): void {
    const ownHook = `${this.#sendStored.name}()`
    const lists = app.printRoutes({ includeHooks: true }).matchAll(/\(onSend\) (\[.*\])/g)
    this.exist = [...lists].some(([, list]) =>
      (JSON.parse(list ?? '[]') as string[]).some((name) => name !== headHook && name !== ownHook),
    )
  }

  /** Adds the hooks of this file as the last ones of a route. */
  addTo(route: RouteOptions): void {
    route.preSerialization = [route.preSerialization ?? [], this.#observeSerialization].flat()
    route.onSend = [route.onSend ?? [], this.#sendStored].flat()
  }

  /** Observes the fields with which the handler, and the hooks before `onSend`, send a response. */
  observe(reply: FastifyReply): void {
    if (!this.exist) return
    const { send } = reply
    reply.send = (payload) => {
      const own = payload instanceof Response ? Object.fromEntries(payload.headers) : {}
      this.#fieldsOfHandler.set(reply, { ...reply.getHeaders(), ...own } as OutgoingHttpHeaders)
      return send.call(reply, payload)
    }
  }

  /** Undefined if the handler has not sent its response by Fastify's means. */
  fieldsBefore(reply: FastifyReply): OutgoingHttpHeaders | undefined {
    return this.#fieldsOfHandler.get(reply)
  }

  /** Sends an answer from the store through the hooks that are in front of the cache. */
  send(reply: FastifyReply, answer: StoredAnswer): void {
    if (reply.sent) return
    for (const name of answer.removedNames ?? []) reply.removeHeader(name)
    const fields = joinFrontFields(answer, (name) => reply.getHeader(name))
    this.#answers.set(reply, { ...answer, fields })
    // Fastify adds cookies to those that are set, which `fields` has already.
    if ('set-cookie' in fields) reply.removeHeader('set-cookie')
    reply.code(answer.status).headers(fields)
    reply.send(payloadOf(answer))
  }

  readonly #observeSerialization: preSerializationHookHandler = (_request, reply, payload, done) => {
    if (this.#fieldsOfHandler.has(reply))
      this.#fieldsOfHandler.set(reply, reply.getHeaders() as OutgoingHttpHeaders)
    done(null, payload)
  }

  /**
   * Ends the hooks: those behind the cache have done their work before the response was stored. Another status is one of a
   * hook, with a body of its own.
   */
  readonly #sendStored: onSendHookHandler = (() => {
    const answers = this.#answers
    const sendStored: onSendHookHandler = (_request, reply, payload, done) => {
      const answer = answers.get(reply)
      if (answer?.status !== reply.statusCode) return done(null, payload)
      for (const name of bodyFields) {
        const value = answer.fields[name]
        if (value === undefined) reply.removeHeader(name)
        else reply.header(name, value)
      }
      if (payload instanceof Readable) payload.destroy()
      reply.hijack()
      reply.raw.writeHead(answer.status, reply.getHeaders() as OutgoingHttpHeaders).end(answer.body)
    }
    return sendStored
  })()
}

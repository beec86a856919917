import { attachSession } from './http/attached-sessions'
import type { SessionCookieOptions } from './http/cookie-options'
import { type Refusal, refusalOf } from './http/refusal'
import { createRequestOpener, type SessionRequest } from './http/request-session'
import { isUnavailable } from './is-unavailable'
import type { Sessions } from './sessions'

export { sessionOf } from './http/attached-sessions'
export type { RequestSession } from './http/request-session'
export type { SessionCookieOptions }

/** The part of a Fastify request that is used. */
interface FastifyRequest {
  readonly headers: { readonly cookie?: string | undefined }
}

/** The part of a Fastify reply that is used. */
interface FastifyReply {
  header(name: string, value: string): unknown
  removeHeader(name: string): unknown
  getHeaders(): object
  code(status: number): unknown
  send(body: string): unknown
}

/** The part of a Fastify instance that is used. */
interface FastifyInstance {
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): unknown
  addHook(
    name: 'onSend',
    hook: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => Promise<unknown>,
  ): unknown
}

/**
 * A plugin for Fastify: loads the session of each request for `sessionOf`, and saves it before the response is sent. It holds
 * for all routes, in whatever plugin they are.
 *
 * @example
 * ```ts
 * await app.register(loadSessions(sessions, { secrets: [process.env.SESSION_SECRET] }))
 * app.get('/', (request) => ({ user: sessionOf(request, sessions).user }))
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function loadSessions<T extends object>(sessions: Sessions<T>, options: SessionCookieOptions) {
  const openRequest = createRequestOpener(sessions, options)
  const requests = new WeakMap<FastifyRequest, SessionRequest<T>>()

  async function onRequest(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    try {
      const opened = await openRequest(request.headers.cookie)
      attachSession(request, sessions, opened.session)
      requests.set(request, opened)
      return undefined
    } catch (error) {
      if (!isUnavailable(error)) throw error
      reply.send(refuse(reply, refusalOf(error)))
      return reply
    }
  }

  async function onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    try {
      const setCookie = await requests.get(request)?.commit()
      if (setCookie !== undefined) reply.header('Set-Cookie', setCookie)
      return payload
    } catch (error) {
      return refuse(reply, refusalOf(error))
    }
  }

  async function plugin(app: FastifyInstance): Promise<void> {
    app.addHook('onRequest', onRequest)
    app.addHook('onSend', onSend)
  }
  // Fastify's name for a plugin whose hooks hold for the instance that registers it.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}

/** Returns the body. */
function refuse(reply: FastifyReply, { status, fields, body }: Refusal): string {
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
  reply.code(status)
  for (const [name, value] of fields) reply.header(name, value)
  return body
}

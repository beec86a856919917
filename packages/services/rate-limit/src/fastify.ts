import { limitFieldsOf } from './http/limit-fields'
import { createRequestLimit, type LimitOptions } from './http/limit-options'
import { refusalOf } from './http/refusal'
import type { RateLimiter } from './rate-limiter'

export { toFastifyStore } from './stores/fastify-store'
export type { LimitOptions }

/** The part of a Fastify reply that is used. */
interface FastifyReply {
  header(name: string, value: string): unknown
  code(status: number): unknown
  send(body: string): unknown
}

/**
 * A hook for Fastify that refuses requests beyond the limits: `onRequest`, or `preHandler` if `identify` needs the user.
 *
 * @example
 * ```ts
 * app.addHook('onRequest', limitRequests(limiter, { identify: (request) => addressOf(request.ip) }))
 * ```
 * @throws LarderError `BAD_OPTION` without `identify`, or for an unknown option.
 */
export function limitRequests<Request = { readonly ip: string }>(
  limiter: RateLimiter,
  options: LimitOptions<Request>,
): (request: Request, reply: FastifyReply) => Promise<unknown> {
  const decide = createRequestLimit(limiter, options)
  return async (request, reply) => {
    const verdict = await decide(request)
    for (const [name, value] of limitFieldsOf(verdict)) reply.header(name, value)
    if (verdict.allowed) return undefined
    const { status, contentType, body } = refusalOf(verdict)
    reply.code(status)
    reply.header('Content-Type', contentType)
    reply.send(body)
    return reply
  }
}

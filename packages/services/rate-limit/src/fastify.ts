import { limitFieldsOf } from './http/limit-fields'
import { createRequestLimit, type LimitOptions } from './http/limit-options'
import type { Sender } from './http/proxy-warning'
import { refusalOf } from './http/refusal'
import { createTrustWarning } from './http/trust-warning'
import type { RateLimiter } from './rate-limiter'

export { toFastifyStore } from './stores/fastify-store'
export type { LimitOptions }

/** The part of a Fastify request that is used. */
interface FastifyRequest {
  readonly raw?: { readonly socket?: { readonly remoteAddress?: string | undefined } } | undefined
  readonly headers?: { readonly 'x-forwarded-for'?: unknown } | undefined
}

/** The part of a Fastify reply that is used. */
interface FastifyReply {
  header(name: string, value: string): unknown
  code(status: number): unknown
  send(body: string): unknown
}

const instead = "fastify({ trustProxy: ['loopback', '10.0.0.0/8'] })"

/**
 * A hook for Fastify that refuses requests beyond the limits: `onRequest`, or `preHandler` if `identify` needs the user.
 *
 * @example
 * ```ts
 * app.addHook('onRequest', limitRequests(limiter, { identify: (request) => addressOf(request.ip) }))
 * ```
 * @throws LarderError `BAD_OPTION` without `identify`, or for an unknown option.
 */
export function limitRequests<Request extends object = { readonly ip: string }>(
  limiter: RateLimiter,
  options: LimitOptions<Request>,
): (request: Request, reply: FastifyReply) => Promise<unknown> {
  const decide = createRequestLimit(limiter, options, { readSender, instead })
  const warnOfTrust = createTrustWarning(trustsClients, 'trustProxy is true', instead)
  return async (request, reply) => {
    warnOfTrust(request)
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

function readSender({ raw, headers }: FastifyRequest): Sender {
  return { address: raw?.socket?.remoteAddress, forwardedFor: headers?.['x-forwarded-for'] }
}

/** More proxies than stand in a row anywhere, with addresses for documentation (RFC 5737), which are those of no proxy. */
const longChain = Array.from({ length: 64 }, (_, index) => `192.0.2.${index}`)

/** Fastify does not tell its setting, so it is asked for the address of a made-up request: does it trust all of the chain? */
function trustsClients(request: object): boolean {
  const raw = {
    headers: { 'x-forwarded-for': longChain.join(', ') },
    socket: { remoteAddress: '192.0.2.255' },
  }
  const madeUp = Object.create(request, { raw: { value: raw } }) as { readonly ip?: unknown }
  return madeUp.ip === longChain[0]
}

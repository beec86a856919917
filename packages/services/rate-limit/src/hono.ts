import { limitFieldsOf } from './http/limit-fields'
import { createRequestLimit, type LimitOptions } from './http/limit-options'
import type { Sender } from './http/proxy-warning'
import { refusalOf } from './http/refusal'
import type { RateLimiter } from './rate-limiter'

export { toRateLimitStore } from './stores/rate-limit-store'
export type { LimitOptions }

/** The part of a Hono context that is used. */
interface HonoContext {
  readonly req: { header(name: string): string | undefined }
  /** The bindings of the server; with `incoming` on Node. */
  readonly env: unknown
  readonly res: Response
  header(name: string, value: string): void
}

const instead =
  "identify: (c) => addressOf(c.req.header('x-real-ip')), if the proxy sets that field over what clients write"

/**
 * A middleware for Hono that refuses requests beyond the limits.
 *
 * @example
 * ```ts
 * app.use(limitRequests(limiter, { identify: (c) => addressOf(getConnInfo(c).remote.address) }))
 * ```
 * @throws LarderError `BAD_OPTION` without `identify`, or for an unknown option.
 */
export function limitRequests<Context extends HonoContext>(
  limiter: RateLimiter,
  options: LimitOptions<Context>,
): (context: Context, next: () => Promise<void>) => Promise<Response | undefined> {
  const decide = createRequestLimit(limiter, options, { readSender, instead })
  return async (context, next) => {
    const verdict = await decide(context)
    const fields = limitFieldsOf(verdict)
    if (!verdict.allowed) {
      const { status, contentType, body } = refusalOf(verdict)
      return new Response(body, { status, headers: [...fields, ['Content-Type', contentType]] })
    }
    for (const [name, value] of fields) context.header(name, value)
    await next()
    // Hono gives them to no response that a handler has made by itself.
    for (const [name, value] of fields) if (!context.res.headers.has(name)) context.header(name, value)
    return undefined
  }
}

/** The bindings of @hono/node-server; other servers have no such connection. */
interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } }
}

function readSender({ env, req }: HonoContext): Sender {
  const { incoming } = (env ?? {}) as NodeBindings
  return { address: incoming?.socket?.remoteAddress, forwardedFor: req.header('x-forwarded-for') }
}

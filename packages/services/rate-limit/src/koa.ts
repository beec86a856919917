import { limitFieldsOf } from './http/limit-fields'
import { createRequestLimit, type LimitOptions } from './http/limit-options'
import type { Sender } from './http/proxy-warning'
import { refusalOf } from './http/refusal'
import { createTrustWarning } from './http/trust-warning'
import type { RateLimiter } from './rate-limiter'

export type { LimitOptions }

/** The part of a Koa context that is used. */
interface KoaContext {
  readonly app: { readonly proxy?: boolean; readonly maxIpsCount?: number; readonly proxyIpHeader?: string }
  readonly req: {
    readonly socket: { readonly remoteAddress?: string | undefined }
    readonly headers: Readonly<Record<string, unknown>>
  }
  status: number
  body: unknown
  set(fields: Record<string, string>): void
}

const instead = 'new Koa({ proxy: true, maxIpsCount: 1 })'

/**
 * A middleware for Koa that refuses requests beyond the limits.
 *
 * @example
 * ```ts
 * app.use(limitRequests(limiter, { identify: (ctx) => addressOf(ctx.ip) }))
 * ```
 * @throws LarderError `BAD_OPTION` without `identify`, or for an unknown option.
 */
export function limitRequests<Context extends KoaContext = KoaContext & { readonly ip: string }>(
  limiter: RateLimiter,
  options: LimitOptions<Context>,
): (context: Context, next: () => Promise<unknown>) => Promise<unknown> {
  const decide = createRequestLimit(limiter, options, { readSender, instead })
  const warnOfTrust = createTrustWarning(trustsClients, 'proxy is true and maxIpsCount is not set', instead)
  return async (context, next) => {
    warnOfTrust(context)
    const verdict = await decide(context)
    const fields = Object.fromEntries(limitFieldsOf(verdict))
    context.set(fields)
    if (verdict.allowed) return next().catch((error) => Promise.reject(withFields(error, fields)))
    const { status, contentType, body } = refusalOf(verdict)
    context.status = status
    context.body = body
    context.set({ 'Content-Type': contentType })
    return undefined
  }
}

function readSender({ req }: KoaContext): Sender {
  return { address: req.socket.remoteAddress, forwardedFor: req.headers['x-forwarded-for'] }
}

/** Koa answers an error with the fields that the error names, and with no others. */
function withFields(error: unknown, fields: Record<string, string>): unknown {
  if (!(error instanceof Error) || !Object.isExtensible(error)) return error
  const { headers } = error as { headers?: object }
  return Object.assign(error, { headers: { ...fields, ...headers } })
}

/** Koa takes the first address of `X-Forwarded-For`, which a client writes, unless it counts the proxies from the end. */
function trustsClients({ app }: KoaContext): boolean {
  const { proxy = false, maxIpsCount = 0, proxyIpHeader = 'X-Forwarded-For' } = app
  return proxy && maxIpsCount === 0 && proxyIpHeader.toLowerCase() === 'x-forwarded-for'
}

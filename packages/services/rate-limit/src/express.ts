import { limitFieldsOf } from './http/limit-fields'
import { createRequestLimit, type LimitOptions } from './http/limit-options'
import type { Sender } from './http/proxy-warning'
import { refusalOf } from './http/refusal'
import { createTrustWarning } from './http/trust-warning'
import type { RateLimiter } from './rate-limiter'

export { toRateLimitStore } from './stores/rate-limit-store'
export type { LimitOptions }

/** The part of an Express request that is used; other requests have no `app`. */
interface ExpressRequest {
  readonly app?: { get(setting: string): unknown } | undefined
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined
  readonly headers?: { readonly 'x-forwarded-for'?: unknown } | undefined
}

/** The part of an Express response that is used. */
interface ExpressResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

const instead = "app.set('trust proxy', 'loopback, 10.0.0.0/8')"

/**
 * A middleware for Express, or for anything that speaks `(req, res, next)`, that refuses requests beyond the limits.
 *
 * @example
 * ```ts
 * app.use(limitRequests(limiter, { identify: (req) => addressOf(req.ip) }))
 * ```
 * @throws LarderError `BAD_OPTION` without `identify`, or for an unknown option.
 */
export function limitRequests<Request extends object = { readonly ip?: string }>(
  limiter: RateLimiter,
  options: LimitOptions<Request>,
): (req: Request, res: ExpressResponse, next: (error?: unknown) => void) => void {
  const decide = createRequestLimit(limiter, options, { readSender, instead })
  const warnOfTrust = createTrustWarning(
    (req: ExpressRequest) => req.app?.get('trust proxy') === true,
    "'trust proxy' is true",
    instead,
  )

  /** Resolves to whether the request goes on. */
  async function apply(req: Request, res: ExpressResponse): Promise<boolean> {
    warnOfTrust(req)
    const verdict = await decide(req)
    for (const [name, value] of limitFieldsOf(verdict)) res.setHeader(name, value)
    if (verdict.allowed) return true
    const { status, contentType, body } = refusalOf(verdict)
    res.statusCode = status
    res.setHeader('Content-Type', contentType)
    res.end(body)
    return false
  }
  return (req, res, next) => void apply(req, res).then((isAdmitted) => isAdmitted && next(), next)
}

function readSender({ socket, headers }: ExpressRequest): Sender {
  return { address: socket?.remoteAddress, forwardedFor: headers?.['x-forwarded-for'] }
}

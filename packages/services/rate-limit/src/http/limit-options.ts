import { checkOptions, functionKind, LarderError, type OptionTable } from '@larder/core'
import type { Identity, RateLimiter } from '../rate-limiter'
import type { Verdict } from '../verdict'
import { createProxyWarning, type Sender } from './proxy-warning'

type MaybePromise<T> = T | Promise<T>

/** Options of `limitRequests`, for the requests of one framework. */
export interface LimitOptions<Request> {
  /**
   * The identity that the request is counted for: `(req) => addressOf(req.ip)`, or several, all of which have to admit it. Never
   * take it from a header that clients write themselves, such as `X-Forwarded-For`.
   */
  readonly identify: (request: Request) => MaybePromise<Identity | readonly Identity[]>
  /** Whether the request is not limited, by what the server knows about its user. Counted in `stats()`. @defaultValue never */
  readonly bypass?: ((request: Request) => MaybePromise<boolean>) | undefined
  /** The cost of the request. @defaultValue 1 */
  readonly cost?: ((request: Request) => number) | undefined
}

const limitTable: OptionTable<LimitOptions<unknown>> = {
  identify: functionKind('(req) => addressOf(req.ip)'),
  bypass: functionKind('(req) => req.user?.isAdmin === true'),
  cost: functionKind('(req) => 1'),
}

/** The way of a framework to its clients through proxies. */
interface ProxyRules<Request> {
  readSender(request: Request): Sender
  /** The code that trusts a proxy, for messages. */
  readonly instead: string
}

/**
 * Returns a function that decides on one request.
 * @throws LarderError `BAD_OPTION` without `identify`, or for an unknown option.
 */
export function createRequestLimit<Request>(
  limiter: RateLimiter,
  options: LimitOptions<Request>,
  { readSender, instead }: ProxyRules<Request>,
): (request: Request) => Promise<Verdict> {
  checkOptions('limitRequests', options ?? {}, limitTable)
  const { identify, bypass, cost } = options ?? {}
  if (identify === undefined)
    throw new LarderError(
      'BAD_OPTION',
      'limitRequests needs identify: limitRequests(limiter, { identify: (req) => addressOf(req.ip) }).',
    )
  const warnOfProxy = createProxyWarning(instead)
  return async (request) => {
    if ((await bypass?.(request)) === true) return limiter.bypass()
    const identity = await identify(request)
    const verdict = await limiter.consume(identity, { cost: cost?.(request) })
    warnOfProxy(readSender(request), identity)
    return verdict
  }
}

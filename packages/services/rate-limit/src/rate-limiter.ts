import type { Duration, Service } from '@larder/core'
import type { Policy } from './policy'
import type { Verdict } from './verdict'

/** The user, address or key that a request is counted for, with its own policies where they differ from the limiter's. */
export type Identity = string | IdentityWithPolicies

/** An identity that has policies of its own. */
export interface IdentityWithPolicies {
  /** Begin it with its kind, such as `user:42`, so that no user can be named like an address. */
  readonly identity: string
  /** Names of the limiter's policies, or others, such as those of the user's plan. */
  readonly policies: readonly (string | Policy)[]
}

/** Options of {@link RateLimiter.consume} and {@link RateLimiter.refund}. */
export interface ConsumeOptions {
  /** The cost of the request: a whole number up to the smallest limit. @defaultValue 1 */
  readonly cost?: number | undefined
}

/** Limits how often something may be done, by identity. */
export interface RateLimiter extends AsyncDisposable {
  /**
   * Asks for one request. The policies of an identity admit it together or count nothing; several identities are asked in the
   * same round trip, each for itself, and all have to admit it. Never rejects because Redis fails: see `ifUnavailable`.
   *
   * @example
   * ```ts
   * const { allowed, retryAfter } = await limiter.consume(['user:42', addressOf(req.ip)])
   * ```
   * @throws LarderError `BAD_ARGUMENT` for an empty identity, a cost that never fits, or an unknown policy.
   */
  consume(identity: Identity | readonly Identity[], options?: ConsumeOptions): Promise<Verdict>
  /** The verdict that a request would get, without counting it. */
  peek(identity: Identity | readonly Identity[], options?: ConsumeOptions): Promise<Verdict>
  /** Gives back what a request has consumed within the window, such as one that failed through no fault of the client. */
  refund(identity: Identity | readonly Identity[], options?: ConsumeOptions): Promise<void>
  /** Forgets what was counted for an identity, and ends its block. @throws LarderError if Redis does not answer. */
  reset(identity: Identity): Promise<void>
  /** Refuses everything of an identity for a time. @throws LarderError if Redis does not answer. */
  block(identity: Identity, duration: Duration): Promise<void>
  /** Counts a request that is not limited, such as one of an administrator, and admits it without asking anybody. */
  bypass(): Verdict
  /** The policies that hold unless a call names others. */
  readonly policies: readonly Policy[]
  /** This limiter as metrics and the admin API see it: `prometheusMetrics(cache, limiter.service)`. */
  readonly service: Service
  /** The decisions of this process since it started. */
  stats(): RateLimiterStats
  /** Ends the connection, unless the client belongs to the application. */
  close(): Promise<void>
}

/** The decisions of one process. */
export interface RateLimiterStats {
  readonly allowed: number
  readonly refused: number
  readonly bypassed: number
  /** Those of `allowed` and `refused` that were decided without Redis, because it did not answer. */
  readonly unavailable: number
  /** Whether Redis decides: `closed` if it does, `open` or `half-open` during an outage. */
  readonly circuit: 'closed' | 'open' | 'half-open'
}

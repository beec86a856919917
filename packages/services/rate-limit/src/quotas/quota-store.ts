import type { ResolvedPolicy } from '../policy'

/** A request to the quotas of one identity. */
export interface QuotaRequest {
  readonly identity: string
  readonly policies: readonly ResolvedPolicy[]
  readonly cost: number
  /** Whether an admitted request is charged; otherwise the quotas are only read. */
  readonly charges: boolean
}

/** The state of the quota of one policy. Times in µs. */
export interface QuotaState {
  /** The cost that counts in the window now. */
  readonly used: number
  /** Until the request would be admitted by this policy: 0 if it was. */
  readonly retryAfter: number
  /** Until nothing counts any more. */
  readonly resetIn: number
}

/** The decision on the quotas of one identity: admitted by all policies or charged to none. */
export interface QuotaDecision {
  readonly allowed: boolean
  /** How long the identity is still blocked, in µs. */
  readonly blockedFor: number
  /** In the order of the policies. */
  readonly quotas: readonly QuotaState[]
}

/** Where quotas are counted. */
export interface QuotaStore {
  /** Decides on each request apart, all in one round trip. */
  decide(requests: readonly QuotaRequest[]): Promise<readonly QuotaDecision[]>
  /** Gives a cost back: it is taken from what was charged first. */
  refund(request: QuotaRequest): Promise<void>
  reset(identity: string, policies: readonly ResolvedPolicy[]): Promise<void>
  /** Refuses everything of the identity for `duration` ms. */
  block(identity: string, duration: number): Promise<void>
}

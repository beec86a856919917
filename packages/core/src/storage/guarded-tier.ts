import type { EntryCodec } from '../contracts/entry-codec'
import type { SharedTier } from '../contracts/store'
import type { Policy } from '../resilience/policy'

/** A shared tier, the policy for calls of it, and the codec for its bytes. */
export interface GuardedTier {
  readonly tier: SharedTier
  readonly policy: Policy
  readonly codec: EntryCodec
}

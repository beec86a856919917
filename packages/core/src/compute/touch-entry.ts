import type { Clock } from '../contracts/clock'
import { withExpiry } from '../entry/compact-entry'
import { type Duration, toMs } from '../entry/duration'
import { expiryFrom, windowsOf } from '../entry/entry'
import { momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import type { Tiers } from '../storage/tiers'
import type { CountedKey } from '../telemetry/function-counts'

/** Dependencies of {@link createTouchEntry}. */
interface TouchEntryOptions {
  readonly clock: Clock
  readonly follower: Follower
  readonly tiers: Tiers
}

/**
 * Gives the same value, at the same position, a new end of freshness. Resolves to whether there was a fresh value.
 * @throws LarderError `BAD_DURATION`.
 */
export function createTouchEntry({ clock, follower, tiers }: TouchEntryOptions) {
  return async ({ key, counts }: CountedKey, ttl: Duration): Promise<boolean> => {
    const life = toMs(ttl, 'touch: ttl')
    const { lookup } = await tiers.inspectKey(key)
    if (lookup.outcome !== 'hit' || lookup.entry.kind !== 'value') return false
    const { entry } = lookup
    const now = momentOf(clock)
    const createdAt = follower.creationTime(now)
    const freshUntil = createdAt + life
    const clockOffset = createdAt - now.monotonic
    const expiry = expiryFrom(freshUntil, windowsOf(entry))
    const touched = withExpiry(entry, { ...expiry, refreshAt: freshUntil, clockOffset })
    tiers.storeLocally(touched)
    if (follower.position >= 0) await tiers.writeShared([touched], counts)
    return true
  }
}

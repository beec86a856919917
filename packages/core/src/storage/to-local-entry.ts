import type { Clock } from '../contracts/clock'
import { compactEntry, withExpiry } from '../entry/compact-entry'
import { copierFor } from '../entry/copy'
import { type Entry, expiryFrom, windowsOf } from '../entry/entry'
import { type LocalEntry, sharedEntryOrigin } from '../entry/local-entry'
import type { Moment } from '../entry/moment'

/** How an entry is held, and when to refresh it before its end. */
export interface LocalEntryRules {
  /** The share of its life after which an entry is refreshed; 1 for never. */
  readonly refreshAhead: number
  /** The factor of probabilistic early expiry; 0 for none. */
  readonly earlyExpiry: number
  /** Whether readers get copies. Without it they all share one value, and must not change it. */
  readonly isolate: boolean
}

/** For entries that are looked at and not served. */
export const inspectionRules: LocalEntryRules = { refreshAhead: 1, earlyExpiry: 0, isolate: true }

/** Below e^-16 nobody draws a lot that refreshes. */
const certainlyEarlier = 16

/** From when on a read of the entry may want to refresh it. */
function refreshTime(entry: Omit<Entry, 'value'>, rules: LocalEntryRules): number {
  const ahead = entry.createdAt + (entry.freshUntil - entry.createdAt) * rules.refreshAhead
  const lots = entry.freshUntil - entry.computeTime * rules.earlyExpiry * certainlyEarlier
  return Math.min(entry.freshUntil, Number.isNaN(ahead) ? entry.freshUntil : ahead, lots)
}

/** Whether a fresh entry past its `refreshAt` is to be refreshed now. */
export function isRefreshDue(entry: LocalEntry, rules: LocalEntryRules, now: number, clock: Clock): boolean {
  const life = entry.freshUntil - entry.createdAt
  if (rules.refreshAhead < 1 && now >= entry.createdAt + life * rules.refreshAhead) return true
  if (rules.earlyExpiry === 0) return false
  const earlier = entry.computeTime * rules.earlyExpiry * -Math.log(1 - clock.random())
  return now + earlier >= entry.freshUntil
}

/** How this process comes to hold an entry. */
export interface Holding {
  readonly rules: LocalEntryRules
  readonly sequence: number
  readonly startedAt: Moment
}

const share = (value: unknown) => value

/** Takes an entry into this process. With isolation, the value is copied here, so whoever made it may go on changing it. */
export function hold(entry: Entry, { rules, sequence, startedAt }: Holding): LocalEntry {
  const copy = rules.isolate ? copierFor(entry.value) : share
  const refreshAt = refreshTime(entry, rules)
  return compactEntry(entry, { value: copy(entry.value), copy, sequence, startedAt, refreshAt })
}

/** Takes in what another process has stored. The value was made of bytes just now, and is nobody else's. */
export function fromSharedEntry(
  header: Omit<Entry, 'value'>,
  value: unknown,
  rules: LocalEntryRules,
): LocalEntry {
  const copy = rules.isolate ? copierFor(value) : share
  return compactEntry(header, { value, copy, ...sharedEntryOrigin, refreshAt: refreshTime(header, rules) })
}

/** The same entry, fresh for no longer than `maxTtl` ms from now. Its windows begin that much earlier. */
export function capTtl(entry: LocalEntry, maxTtl: number, now: number): LocalEntry {
  if (maxTtl === Number.POSITIVE_INFINITY || entry.freshUntil - now <= maxTtl) return entry
  const freshUntil = now + maxTtl
  const refreshAt = Math.min(entry.refreshAt, freshUntil)
  return withExpiry(entry, { ...expiryFrom(freshUntil, windowsOf(entry)), refreshAt })
}

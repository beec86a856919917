import type { Clock } from '../contracts/clock'
import { compactEntry, withExpiry } from '../entry/compact-entry'
import { copierFor } from '../entry/copy'
import { type Entry, expiryFrom, type LocalEntry, sharedEntryOrigin, windowsOf } from '../entry/entry'
import type { Moment } from '../entry/moment'

/** How this process keeps an entry. */
export interface LocalEntryRules extends EarlyRefreshRules {
  /** Whether readers get copies. Without it they all share one value, and must not change it. */
  readonly isolate: boolean
}

/** For entries that are inspected and not served. */
export const inspectionRules: LocalEntryRules = { refreshAhead: 1, earlyExpiry: 0, isolate: true }

/** The additions of this process to an entry that was created here. */
interface LocalOrigin {
  readonly rules: LocalEntryRules
  readonly sequence: number
  readonly startedAt: Moment
  readonly clockOffset: number
}

const returnShared = (value: unknown) => value

/** Makes the local form of an entry created here. With isolation it copies the value, so the caller may go on changing its own. */
export function toLocalEntry(entry: Entry, { rules, ...origin }: LocalOrigin): LocalEntry {
  const copy = rules.isolate ? copierFor(entry.value) : returnShared
  const refreshAt = earliestRefresh(entry, rules)
  return compactEntry(entry, { value: copy(entry.value), copy, ...origin, refreshAt })
}

/** Makes the local form of an entry from a shared tier. The value was just decoded, so no other code holds it and no copy is needed. */
export function fromSharedEntry(
  header: Omit<Entry, 'value'>,
  value: unknown,
  rules: LocalEntryRules,
  clockOffset: number,
): LocalEntry {
  const copy = rules.isolate ? copierFor(value) : returnShared
  const refreshAt = earliestRefresh(header, rules)
  return compactEntry(header, { value, copy, ...sharedEntryOrigin, clockOffset, refreshAt })
}

/** The same entry, fresh for at most `maxTtl` ms from now. Its stale windows keep their lengths, so they begin earlier too. */
export function capTtl(entry: LocalEntry, maxTtl: number, now: number): LocalEntry {
  if (maxTtl === Number.POSITIVE_INFINITY || entry.freshUntil - now <= maxTtl) return entry
  const freshUntil = now + maxTtl
  const refreshAt = Math.min(entry.refreshAt, freshUntil)
  const { clockOffset } = entry
  return withExpiry(entry, { ...expiryFrom(freshUntil, windowsOf(entry)), refreshAt, clockOffset })
}

/** When a fresh entry is refreshed before its end. */
export interface EarlyRefreshRules {
  /** The share of its life after which an entry is refreshed; 1 for never. */
  readonly refreshAhead: number
  /** The factor of probabilistic early expiry (XFetch); 0 for off. */
  readonly earlyExpiry: number
}

/** Early expiry cannot trigger earlier than 16 × `computeTime`: its probability is below e^-16. */
const earliestFactor = 16

/** The earliest time at which a read may have to refresh the entry; never later than `freshUntil`. */
function earliestRefresh(entry: Omit<Entry, 'value'>, rules: EarlyRefreshRules): number {
  const ahead = entry.createdAt + (entry.freshUntil - entry.createdAt) * rules.refreshAhead
  const probabilistic = entry.freshUntil - entry.computeTime * rules.earlyExpiry * earliestFactor
  return Math.min(entry.freshUntil, Number.isNaN(ahead) ? entry.freshUntil : ahead, probabilistic)
}

/** Whether a fresh entry past its `refreshAt` is refreshed now: by refresh-ahead, or because the XFetch draw says so. */
export function isRefreshDue(
  entry: LocalEntry,
  rules: EarlyRefreshRules,
  now: number,
  clock: Clock,
): boolean {
  const life = entry.freshUntil - entry.createdAt
  if (rules.refreshAhead < 1 && now >= entry.createdAt + life * rules.refreshAhead) return true
  if (rules.earlyExpiry === 0) return false
  const earlier = entry.computeTime * rules.earlyExpiry * -Math.log(1 - clock.random())
  return now + earlier >= entry.freshUntil
}

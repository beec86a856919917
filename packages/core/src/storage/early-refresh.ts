import type { Clock } from '../contracts/clock'
import type { Entry } from '../entry/entry'
import type { LocalEntry } from '../entry/local-entry'

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
export function earliestRefresh(entry: Omit<Entry, 'value'>, rules: EarlyRefreshRules): number {
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

import type { Explanation, InvalidationView } from '../contracts/inspection'
import type { LocalEntry } from '../entry/entry'
import { isUserTag } from '../entry/reserved-tags'
import type { Follower } from '../invalidation/follower'
import type { Inspection } from './lookup'
import type { Validity } from './validity'

/** Explains why the key is a hit, stale or a miss. */
export function explainKey(
  key: string,
  { lookup, found, unreadable }: Inspection,
  follower: Follower,
  validity: Validity,
): Explanation {
  const { position, lag } = follower
  const { outcome, reason } = lookup
  if (found === undefined) {
    const summary =
      unreadable === undefined
        ? 'No tier holds an entry.'
        : `The entry in a shared tier cannot be read: ${unreadable}.`
    return { key, outcome, reason, position, lag, ...noEntry, summary }
  }
  const { entry, tier } = found
  const now = validity.timeOf(entry)
  const facts = {
    key,
    outcome,
    reason,
    tier,
    age: now - entry.createdAt,
    freshFor: entry.freshUntil - now,
    tags: entry.tags.filter(isUserTag),
    asOf: entry.asOf,
    position,
    lag,
    invalidatedBy: invalidationOf(entry, follower),
  }
  return { ...facts, summary: summarize(facts) }
}

const noEntry = {
  tier: undefined,
  age: undefined,
  freshFor: undefined,
  tags: [],
  asOf: undefined,
  invalidatedBy: undefined,
}

function invalidationOf(entry: LocalEntry, { table }: Follower): InvalidationView | undefined {
  const cause = table.causeOf(entry)
  if (cause === undefined) return undefined
  return { ...cause, at: cause.position === undefined ? undefined : new Date(cause.position / 1_000) }
}

function summarize(facts: Omit<Explanation, 'summary'>): string {
  const { outcome, tier, age = 0, freshFor = 0 } = facts
  const entry = `${tier} holds an entry computed ${formatSeconds(age)} ago`
  if (outcome === 'hit') return `${entry}, fresh for another ${formatSeconds(freshFor)}.`
  return `${entry}, ${describeEnd(facts)}${outcome === 'stale' ? '; it is served while a new one is computed' : ''}.`
}

function describeEnd({ reason, freshFor = 0, invalidatedBy: by }: Omit<Explanation, 'summary'>): string {
  if (reason === 'invalidated' && by !== undefined) {
    const effect = by.mode === 'hard' ? 'ended' : 'made stale'
    return `${effect} by invalidating ${describeTarget(by)}${by.at ? ` at ${by.at.toISOString()}` : ''}`
  }
  if (reason === 'invalidated') return 'ended by an invalidation that the log no longer holds'
  if (reason === 'unproven') return 'that nothing proves current: the log could not be reached in time'
  return `whose freshness ended ${formatSeconds(-freshFor)} ago`
}

function describeTarget({ scope, name }: InvalidationView): string {
  if (scope === 'all') return 'everything'
  return name.charCodeAt(0) > 31 ? `the ${scope} "${name}"` : 'its namespace'
}

function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

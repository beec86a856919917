import type { EntryView, Explanation, InvalidationView } from '../contracts/inspection'
import type { LocalEntry } from '../entry/local-entry'
import { isUserTag } from '../entry/reserved-tags'
import type { Follower } from '../invalidation/follower'
import type { Found } from './shared-tier-client'
import type { Validity } from './validity'

/** An entry as people see it. */
export function toEntryView(entry: LocalEntry, validity: Validity): EntryView<never> {
  return {
    value: entry.copy(entry.value) as never,
    state: validity.stateOf(entry),
    tags: entry.tags.filter(isUserTag),
    createdAt: new Date(entry.createdAt),
    freshUntil: dateOf(entry.freshUntil),
    staleUntil: dateOf(entry.staleUntil),
    errorUntil: dateOf(entry.errorUntil),
    asOf: entry.asOf,
    computeTime: entry.computeTime,
  }
}

/** Why the key is a hit, stale or a miss, given what was found of it. */
export function explain(
  key: string,
  found: Found | undefined,
  follower: Follower,
  validity: Validity,
): Explanation {
  const { position, lag } = follower
  const none = {
    tier: undefined,
    age: undefined,
    freshFor: undefined,
    tags: [],
    asOf: undefined,
    invalidatedBy: undefined,
  }
  if (found === undefined) {
    return {
      key,
      outcome: 'miss',
      reason: 'absent',
      position,
      lag,
      ...none,
      summary: 'No tier holds an entry.',
    }
  }
  const { entry, tier } = found
  const state = validity.stateOf(entry)
  const outcome = state === 'fresh' ? 'hit' : state === 'stale' ? 'stale' : 'miss'
  const invalidatedBy = blame(entry, follower)
  const facts = {
    key,
    outcome,
    reason: outcome === 'hit' ? undefined : validity.reasonNotFresh(entry),
    tier,
    age: follower.now() - entry.createdAt,
    freshFor: entry.freshUntil - follower.now(),
    tags: entry.tags.filter(isUserTag),
    asOf: entry.asOf,
    position,
    lag,
    invalidatedBy,
  } as const
  return { ...facts, summary: summarize(facts) }
}

function blame(entry: LocalEntry, follower: Follower): InvalidationView | undefined {
  const found = follower.table.causeOf(entry)
  return (
    found && { ...found, at: found.position === undefined ? undefined : new Date(found.position / 1_000) }
  )
}

function summarize(facts: Omit<Explanation, 'summary'>): string {
  const { outcome, reason, tier, age = 0, freshFor = 0, invalidatedBy: by } = facts
  const held = `${tier} holds an entry computed ${seconds(age)} ago`
  if (outcome === 'hit') return `${held}, fresh for another ${seconds(freshFor)}.`
  const end =
    reason === 'invalidated' && by !== undefined
      ? `${by.mode === 'hard' ? 'ended' : 'made stale'} by invalidating ${nameOf(by)}${by.at ? ` at ${by.at.toISOString()}` : ''}`
      : reason === 'unproven'
        ? 'that nothing proves current: the log could not be reached in time'
        : `whose freshness ended ${seconds(-freshFor)} ago`
  return `${held}, ${end}${outcome === 'stale' ? '; it is served while a new one is computed' : ''}.`
}

function nameOf({ scope, name }: InvalidationView): string {
  if (scope === 'all') return 'everything'
  return name.charCodeAt(0) > 31 ? `the ${scope} "${name}"` : 'its namespace'
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

/** Dates end in the year 275760; "without end" is shown as that. */
function dateOf(ms: number): Date {
  return new Date(Math.min(ms, 8.64e15))
}

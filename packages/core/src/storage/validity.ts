import type { Clock } from '../contracts/clock'
import type { MissReason } from '../contracts/events'
import { maxPositionLead } from '../contracts/log'
import { type Entry, type Freshness, freshnessAt, type LocalEntry, type Stamp } from '../entry/entry'
import { elapsedBetween, laterOf, type Moment, momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import type { Verdict } from '../invalidation/verdict'
import type { MaybePromise } from '../maybe-promise'

/** The fields of an entry in a shared tier that its validity depends on. */
type SharedHeader = Pick<Entry, 'key' | 'tags' | 'asOf' | 'term'>

/** Why an entry of a shared tier must not be served. */
export type Rejection = Extract<MissReason, 'invalidated' | 'unproven'>

const order: readonly Freshness[] = ['fresh', 'stale', 'fallback', 'dead']

function worseOf(a: Freshness, b: Freshness): Freshness {
  return order.indexOf(a) > order.indexOf(b) ? a : b
}

/** The best state that the entry's own windows allow once it may not be served as fresh. */
function stateWithoutFreshness(entry: Entry): Freshness {
  if (entry.staleUntil > entry.freshUntil) return 'stale'
  return entry.errorUntil > entry.freshUntil ? 'fallback' : 'dead'
}

/** A soft invalidation takes the freshness, and nothing else: a fresh entry may still be served while a new value is computed. */
function stateAfterSoftInvalidation(state: Freshness): Freshness {
  return worseOf(state, 'stale')
}

/**
 * Decides the state of entries in this process from three facts: their age, the invalidations applied so far, and whether
 * every invalidation older than `maxStaleness` is certain to be applied.
 */
export function createValidity(follower: Follower, clock: Clock, maxStaleness: number) {
  const { table } = follower
  const { current } = table

  /** Whether the entry's data was read less than `maxStaleness` before `now`: it cannot miss an older invalidation. */
  function isRecentAt(entry: LocalEntry, now: Moment): boolean {
    return elapsedBetween(entry.startedAt, now) <= maxStaleness
  }

  /** The time that ends the entry's life: on the log's clock, or as it has passed since the entry arrived, if that is more. */
  function timeOf(entry: LocalEntry, now = momentOf(clock)): number {
    return Math.max(follower.logTime(now.wall, now.monotonic), now.monotonic + entry.clockOffset)
  }

  /** The verdict of the invalidations. A lookup in the tag table is needed only if a change since the last check affects the entry. */
  function judgeEntry(entry: LocalEntry): Verdict {
    if (entry.checkedAt === current.version) return 'valid'
    const verdict = table.isUnaffected(entry, entry.checkedAt) ? 'valid' : table.judge(entry)
    if (verdict === 'valid') entry.checkedAt = current.version
    return verdict
  }

  return {
    findRejection: createFindRejection(follower),

    /** Whether no invalidation applies to the entry. Its age is not considered. */
    isValid: (entry: LocalEntry): boolean => judgeEntry(entry) === 'valid',

    /** Whether the entry reflects all invalidations that are applied here, soft ones too, and so did all that it was made of. */
    reflectsAll: (entry: LocalEntry): boolean =>
      judgeEntry(entry) === 'valid' && entry.freshUntil > entry.createdAt,

    /** The entry's state. Pass `now` when checking many entries, to read the clock once. */
    stateOf(entry: LocalEntry, now = momentOf(clock)): Freshness {
      const verdict = judgeEntry(entry)
      if (verdict === 'dead') return 'dead'
      const byTime = freshnessAt(entry, timeOf(entry, now))
      // The bound comes before soft invalidations: these allow an old value, but not one that a hard one may have ended.
      const isProven = follower.isCurrentAt(now) || isRecentAt(entry, now)
      const proven = isProven ? byTime : worseOf(byTime, stateWithoutFreshness(entry))
      return verdict === 'soft' ? stateAfterSoftInvalidation(proven) : proven
    },

    /**
     * Whether a computation that started at `startedAt` may be shared with a caller at `now`: it is within `maxStaleness`,
     * or this process is current.
     */
    isWithinBound: ({ startedAt }: Stamp, now: Moment): boolean =>
      elapsedBetween(startedAt, now) <= maxStaleness || follower.isCurrentAt(now),

    isRecentAt,
    timeOf,

    /** A valid entry reflects every invalidation that was acknowledged before this moment. */
    provenAt: (entry: LocalEntry): Moment => laterOf(entry.startedAt, follower.provenAt),

    /** Why the entry cannot be served as fresh. */
    reasonNotFresh(entry: LocalEntry): MissReason {
      if (table.judge(entry) !== 'valid') return 'invalidated'
      return freshnessAt(entry, timeOf(entry)) === 'fresh' ? 'unproven' : 'expired'
    },
  }
}

export type Validity = ReturnType<typeof createValidity>

/**
 * Finds why an entry with this header must not be served, not even as stale; undefined if it may be. Asynchronous if its term
 * is unknown: another server may have taken over the log since the last sync, and then its entries can be valid.
 */
function createFindRejection(follower: Follower) {
  const { table } = follower

  function rejectInvalidated(header: SharedHeader, isApart: boolean): 'invalidated' | undefined {
    const { key, tags, asOf, term } = header
    // The record that ends the entry may be forgotten by now, if the entry did not share the fate of the log.
    const isForgotten = isApart && asOf < table.keysFloor
    const isTooFar = asOf > follower.now() * 1_000 + maxPositionLead
    const isDead = isForgotten || isTooFar || table.judge({ key, tags, asOf, term, sequence: 0 }) === 'dead'
    return isDead ? 'invalidated' : undefined
  }

  return (header: SharedHeader, isApart: boolean): MaybePromise<Rejection | undefined> => {
    if (table.followedTerms.canJudge(header.term)) return rejectInvalidated(header, isApart)
    return follower
      .learnTerm(header.term)
      .then((isCertain) => (isCertain ? rejectInvalidated(header, isApart) : 'unproven'))
  }
}

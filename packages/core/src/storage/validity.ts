import type { Clock } from '../contracts/clock'
import type { MissReason } from '../contracts/events'
import { type Entry, type Freshness, freshnessAt } from '../entry/entry'
import type { LocalEntry, Stamp } from '../entry/local-entry'
import { elapsedBetween, laterOf, type Moment, momentOf } from '../entry/moment'
import type { Follower } from '../invalidation/follower'
import type { Verdict } from '../invalidation/tag-table'

const order: readonly Freshness[] = ['fresh', 'stale', 'fallback', 'dead']

function worse(a: Freshness, b: Freshness): Freshness {
  return order.indexOf(a) > order.indexOf(b) ? a : b
}

/** What an entry counts as once it may not be served as fresh: what its own windows allow. */
function withoutFreshness(entry: Entry): Freshness {
  if (entry.staleUntil > entry.freshUntil) return 'stale'
  return entry.errorUntil > entry.freshUntil ? 'fallback' : 'dead'
}

/**
 * How entries stand here and now: by time, by the invalidations applied, and by whether all of those that count are.
 */
export function createValidity(follower: Follower, clock: Clock, maxStaleness: number) {
  const { table } = follower
  const { current } = table

  /** Computed here so recently that what someone at this moment would miss of its data is within the bound. */
  function isRecentAt(entry: LocalEntry, now: Moment): boolean {
    return elapsedBetween(entry.startedAt, now) <= maxStaleness
  }

  /** What invalidations make of it. Nothing is looked up while nothing has changed that could concern it. */
  function judge(entry: LocalEntry): Verdict {
    if (entry.checkedAt === current.version) return 'valid'
    const verdict = table.isUnaffected(entry, entry.checkedAt) ? 'valid' : table.judge(entry)
    if (verdict === 'valid') entry.checkedAt = current.version
    return verdict
  }

  return {
    /** Whether no invalidation speaks against it. */
    isValid: (entry: LocalEntry): boolean => judge(entry) === 'valid',

    /** As fresh, stale, fallback or dead. Who asks for many entries says what time it is. */
    stateOf(entry: LocalEntry, now = momentOf(clock)): Freshness {
      const verdict = judge(entry)
      if (verdict === 'dead') return 'dead'
      const byTime = freshnessAt(entry, follower.logTime(now.wall))
      if (verdict === 'soft') return worse(byTime, 'stale')
      if (byTime !== 'fresh' || follower.isCurrentAt(now) || isRecentAt(entry, now)) return byTime
      return worse(byTime, withoutFreshness(entry))
    },

    /** Whether what started then can be shared now: nothing that it misses is older than the bound, or all of that is applied. */
    isWithinBound: ({ startedAt }: Stamp, now: Moment): boolean =>
      elapsedBetween(startedAt, now) <= maxStaleness || follower.isCurrentAt(now),

    isRecentAt,

    /** The moment from which a valid entry is certain to reflect everything acknowledged before. */
    provenAt: (entry: LocalEntry): Moment => laterOf(entry.startedAt, follower.provenAt),

    /** Why the entry is not served as fresh. */
    reasonNotFresh(entry: LocalEntry): MissReason {
      if (table.judge(entry) !== 'valid') return 'invalidated'
      return freshnessAt(entry, follower.now()) === 'fresh' ? 'unproven' : 'expired'
    },

    /** Whether an invalidation forbids ever serving it. */
    isInvalidated(entry: Pick<Entry, 'key' | 'tags' | 'asOf'>): boolean {
      const { key, tags, asOf } = entry
      return table.judge({ key, tags, asOf, sequence: 0 }) === 'dead'
    },
  }
}

export type Validity = ReturnType<typeof createValidity>

import type { Clock } from '../contracts/clock'
import { momentOf } from '../entry/moment'
import type { FollowedTerms } from './followed-terms'
import type { FollowerPosition } from './follower-position'
import type { LogReader } from './log-reader'
import type { StalenessBound } from './staleness-bound'
import type { Synchronizer } from './synchronizer'

/** Dependencies of {@link createCatchUp}. */
interface CatchUpOptions {
  /** Whether the log is in this process, so that it is always current. */
  readonly isImmediate: boolean
  readonly clock: Clock
  readonly reader: LogReader
  readonly bound: StalenessBound
  readonly synchronizer: Synchronizer
  readonly followedTerms: FollowedTerms
  readonly place: FollowerPosition
  /** The log position that is in force in this process. */
  appliedPosition(): number
}

/** The degrees of consistency a read can ask for, each with the round trips it needs. */
export function createCatchUp(options: CatchUpOptions) {
  const { isImmediate, clock, reader, bound, synchronizer, followedTerms, place, appliedPosition } = options
  const isCurrent = isImmediate ? () => true : () => bound.isMetAt(momentOf(clock))

  /** Whether every record up to `position` is applied. A log that has just been taken over may lack some. */
  const hasRead = (position: number) => (place.cursor?.position ?? -1) >= position

  return {
    hasRead,
    /** Reads the log up to a position that it has assigned to this process. Resolves to whether it succeeded. */
    readUpTo: async (position: number): Promise<boolean> =>
      (await synchronizer.syncAfresh()) && hasRead(position),
    /** Whether every invalidation older than `maxStaleness` is applied. */
    isCurrent,
    /** Like `isCurrent`, for callers that have read the clock already. */
    isCurrentAt: isImmediate ? () => true : bound.isMetAt,

    /** Syncs if this process is not current, and resolves to whether it is. Free if it is. */
    async ensureCurrent(): Promise<boolean> {
      if (isCurrent()) return true
      return !bound.isBackingOff && (await synchronizer.sync()) && isCurrent()
    },

    /** Applies every invalidation acknowledged before this call. Resolves to whether it succeeded. */
    async catchUp(): Promise<boolean> {
      return isImmediate || ((await synchronizer.syncAfresh()) && reader.isSettled)
    },

    /** Applies every record up to `position`, which may come from another process. Resolves to whether it succeeded. */
    async reachPosition(position: number): Promise<boolean> {
      const isReached = () => reader.isSettled && appliedPosition() >= position
      return isReached() || ((await synchronizer.syncAfresh()) && isReached())
    },

    /** Syncs to learn whether the history has this term, unless that is known. Resolves to whether that is certain now. */
    async learnTerm(term: number): Promise<boolean> {
      if (followedTerms.canJudge(term)) return true
      if (!(await synchronizer.syncAfresh())) return false
      if (!followedTerms.canJudge(term)) followedTerms.noteForeignTerm(term)
      return true
    },
  }
}

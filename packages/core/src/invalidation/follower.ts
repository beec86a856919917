import type { Clock } from '../contracts/clock'
import type { CacheEvents } from '../contracts/events'
import type { InvalidationLog } from '../contracts/log'
import { forEver, longAgo, type Moment, momentOf } from '../entry/moment'
import { createDelivery } from './delivery'
import { createFollowerPosition, type FollowerPosition } from './follower-position'
import { createForeignRecords } from './foreign-records'
import { createLocalInvalidations, type LocalInvalidationsHandlers } from './local-invalidations'
import { localLogBeginning } from './local-log'
import { createLogClock } from './log-clock'
import { createLogReader, type LogReader, type LogReaderHandlers } from './log-reader'
import { createOutbox } from './outbox'
import { createLogRepair } from './repair'
import { createStalenessBound, type StalenessBound } from './staleness-bound'
import { createSequence, createStamps } from './stamps'
import { createSynchronizer, type Synchronizer } from './synchronizer'
import type { TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'
import type { FollowedTerms } from './verdict'
import { createWaitingLinks } from './waiting-links'

/** Dependencies and bounds of a follower. All durations are in ms. */
interface FollowerOptions {
  readonly log: InvalidationLog
  readonly clock: Clock
  readonly table: TagTable
  readonly graph: TagGraph
  /** How long a successful sync proves this process current. */
  readonly maxStaleness: number
  /** Time between two periodic syncs. */
  readonly syncInterval: number
  /** How long after a failover every live process has certainly synced with the new server. */
  readonly settleTime: number
  /** Maximum names that wait for the log. */
  readonly outboxCapacity: number
}

/** Callbacks of a started follower. */
export interface FollowerHandlers extends LogReaderHandlers, LocalInvalidationsHandlers {
  onSync(event: CacheEvents['sync']): void
  /** Records of other processes were applied. */
  onApply(event: CacheEvents['apply']): void
}

/** In force until `start`: a follower that neither subscribes nor polls receives no records. */
const silentHandlers: FollowerHandlers = {
  onKey: () => undefined,
  onGap: () => undefined,
  onDiverged: () => undefined,
  onTagSeparator: () => undefined,
  deleteEntries: async () => false,
  onInvalidate: () => undefined,
  onSync: () => undefined,
  onApply: () => undefined,
}

/**
 * A process's reader of the invalidation log: applies records in order, knows its position, and can tell whether that is
 * recent enough. The position never decreases, unless the log itself lost records and gets them reissued. Creating a
 * follower has no side effects: `start` subscribes and polls.
 */
export function createFollower(options: FollowerOptions) {
  const { log, clock, table, graph, syncInterval } = options
  const handlers = { ...silentHandlers }
  const bound = createStalenessBound(clock, options.maxStaleness)
  if (log.immediate) bound.recordProof(forEver)
  const outbox = createOutbox(options.outboxCapacity, table.mergePending)
  const waitingLinks = createWaitingLinks()
  const logClock = createLogClock(clock, log.immediate)
  const place = createFollowerPosition(log.immediate ? localLogBeginning : undefined)
  const sequence = createSequence()
  const onRepaired = (reissued: number) => handlers.onDiverged({ reissued })
  const repair = createLogRepair({ log, clock, table, graph, onRepaired })
  const foreignRecords = createForeignRecords({ place, logClock, handlers })
  const parts = { waitingLinks, logClock, place, repair, foreignRecords, sequence, handlers }
  const reader = createLogReader({ ...options, ...parts })
  const deliver = createDelivery({ log, clock, table, outbox, waitingLinks, reader, place, foreignRecords })
  const shared = { log, clock, logClock, table, outbox, reader, repair, bound, deliver, sequence, handlers }
  const synchronizer = createSynchronizer({ ...shared, syncInterval })
  /** The position in force: none before the first complete sync. */
  const appliedPosition = () => (bound.hasProof ? (place.cursor?.position ?? -1) : -1)
  const appliedCursor = () => ({ position: appliedPosition(), term: table.followedTerms.present })
  const invalidations = createLocalInvalidations({ ...shared, waitingLinks, synchronizer, appliedCursor })

  const { followedTerms } = table
  const isImmediate = log.immediate

  return {
    ...createCatchUp({ ...shared, isImmediate, synchronizer, followedTerms, place, appliedPosition }),
    ...createStamps({ clock, logClock, sequence, followedTerms, appliedPosition }),
    table,
    graph,
    /** Milliseconds since the epoch on the log's clock, as far as it is known. */
    now: logClock.now,
    logTime: logClock.logTime,
    creationTime: logClock.creationTime,
    clockOffset: logClock.offsetNow,
    coarseMonotonic: logClock.coarseMonotonic,
    get position() {
      return appliedPosition()
    },
    get outboxSize() {
      return outbox.size
    },
    /** Time since this process was last proven current, in ms; `Infinity` if it never was. */
    get lag() {
      return bound.age
    },
    /** Every invalidation acknowledged before this moment is applied. */
    get provenAt(): Moment {
      return bound.provenAt ?? longAgo
    },

    /** Applies invalidations in this process at once, then appends them to the log. Never rejects. */
    invalidate: invalidations.invalidate,

    /** Subscribes to the log and starts polling it. The log may push records before this call returns. */
    start(given: FollowerHandlers): void {
      Object.assign(handlers, given)
      synchronizer.start()
    },

    /** Waits for the invalidations under way, and tries once more to deliver those that the log has not taken. */
    async close(): Promise<void> {
      await invalidations.waitUntilIdle()
      await synchronizer.stop()
      if (outbox.size > 0) await outbox.redeliver(deliver)
    },
  }
}

export type Follower = ReturnType<typeof createFollower>

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
function createCatchUp(options: CatchUpOptions) {
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

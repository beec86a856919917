import type { Clock } from '../contracts/clock'
import type { Cursor, Invalidation, InvalidationLog, LogMessage, LogPage, LogRecord } from '../contracts/log'
import type { Stamp } from '../entry/local-entry'
import { elapsedSince, forEver, longAgo, type Moment, momentOf } from '../entry/moment'
import { createDelivery, type Delivery } from './delivery'
import { createKeyRecordGc } from './key-record-gc'
import { createOutbox } from './outbox'
import { reissueTo } from './reissue'
import { createStalenessBound } from './staleness-bound'
import type { TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'

/** What a follower is made of. All durations in ms. */
export interface FollowerOptions {
  readonly log: InvalidationLog
  readonly clock: Clock
  readonly table: TagTable
  readonly graph: TagGraph
  /** How long a successful sync proves the follower current. */
  readonly maxStaleness: number
  /** How often it syncs on its own. */
  readonly syncInterval: number
  /** How long after a server took over the log every process that is there has certainly synced with it. */
  readonly settling: number
  /** Names that may wait for the log at most. */
  readonly outboxCapacity: number
  /** The entry of this key was invalidated at this position: local copies older than it go. */
  onKey(key: string, position: number): void
  /** Records of single keys were missed: local copies cannot be trusted. */
  onGap(): void
  /** Removes the entries that a record of a key ends from everywhere; says whether that is certain. */
  remove(record: LogRecord): Promise<boolean>
  onSync(event: { duration: number; ok: boolean }): void
  onFollow(event: AppliedRecords): void
  onDiverged(event: { reissued: number }): void
}

/** What arrived from the log. */
export interface AppliedRecords {
  readonly position: number
  readonly records: number
  readonly delay: number
  /** The first of them. */
  readonly invalidations: readonly Invalidation[]
}

/** Invalidations told of by name, of those that arrive together. */
const toldAtOnce = 100

/**
 * A process's reader of the log: applies it in order, knows how far it is, and can tell whether that is recent enough.
 * Its position never decreases, except when the log itself lost records and is told them again.
 */
export function createFollower(options: FollowerOptions) {
  const { log, clock, table, graph } = options
  const proof = createStalenessBound(clock, options.maxStaleness)
  const outbox = createOutbox(options.outboxCapacity)
  const retire = createKeyRecordGc({ log, remove: options.remove })
  let cursor: Cursor | undefined
  let sequence = 0
  /** The log's clock minus the wall clock here. */
  let offset = 0
  let syncing: Promise<boolean> | undefined
  let cancelPoll: () => void = () => undefined
  let closed = false
  /** Whether the log has had the time to be told what it may lack. */
  let isSettled = true

  /** The position in force; none until the first sync is complete. */
  const position = () => (proof.exists ? (cursor?.position ?? -1) : -1)

  function apply(record: LogRecord): void {
    if (record.scope === 'link' || record.scope === 'unlink') {
      const [child = '', parent = ''] = record.name.split('\u0000')
      graph[record.scope](child, parent)
      return
    }
    table.applyRecord(record)
    if (record.scope === 'key' && record.mode === 'hard') options.onKey(record.name, record.position)
  }

  function advance(next: Cursor): void {
    if (cursor === undefined || next.position > cursor.position) cursor = next
  }

  function absorb(page: LogPage, asked: Cursor | undefined): void {
    offset = page.now - clock.now()
    if (asked !== undefined && page.keysFloor > asked.position) options.onGap()
    for (const record of page.records) apply(record)
    table.raiseFloor(page.floor)
    table.raiseKeysFloor(page.keysFloor)
    advance(page.cursor)
  }

  /** The log does not know the record we stand at: it lost a suffix (a failover), so it is told what we saw. */
  async function repair(lost: Cursor): Promise<void> {
    const reissued = await reissueTo(log, lost, table, graph)
    options.onDiverged({ reissued })
    options.onGap()
    cursor = undefined
    await readOn()
  }

  /** Reads pages until there are no more. */
  async function readOn(): Promise<void> {
    for (;;) {
      const asked = cursor
      const page = await log.sync(asked)
      if (asked !== undefined && !page.known) return repair(asked)
      absorb(page, asked)
      isSettled = page.tookOverAt === 0 || page.now - page.tookOverAt >= options.settling
      if (page.overdue.length > 0) void retire(page.overdue)
      if (!page.more) return
    }
  }

  async function syncOnce(): Promise<boolean> {
    const sent = momentOf(clock)
    let ok = false
    try {
      await readOn()
      if (isSettled) proof.succeeded(sent)
      else proof.failed()
      table.trustAgain()
      if (outbox.size > 0) await delivery.attempt(outbox.take())
      ok = true
    } catch {
      proof.failed()
    }
    options.onSync({ duration: elapsedSince(sent, clock), ok })
    return ok
  }

  /** Syncs that run at the same time are one. */
  function sync(): Promise<boolean> {
    syncing ??= syncOnce().finally(() => {
      syncing = undefined
    })
    return syncing
  }

  /** A sync that was sent after this call. */
  async function syncAfresh(): Promise<boolean> {
    if (syncing !== undefined) await syncing
    return sync()
  }

  const delivery = createDelivery({
    log,
    table,
    outbox,
    apply,
    absorb,
    sync,
    syncAfresh,
    cursor: () => cursor,
    position,
  })

  function onMessage({ previous, cursor: next, records }: LogMessage): void {
    if (closed) return
    const last = records.at(-1)
    for (const record of records) apply(record)
    if (last !== undefined) {
      options.onFollow({
        position: next.position,
        records: records.length,
        delay: logNow() - last.position / 1_000,
        invalidations: records.slice(0, toldAtOnce).map(({ scope, name, mode }) => ({ scope, name, mode })),
      })
    }
    if (cursor === undefined || next.position <= cursor.position) return
    if (previous.position === cursor.position && previous.nonce === cursor.nonce) cursor = next
    else void sync()
  }

  const toLogTime = (wall: number) => wall + offset
  const logNow = () => toLogTime(clock.now())

  function poll(): void {
    cancelPoll = clock.background(options.syncInterval, () => {
      void sync().finally(() => {
        if (!closed) poll()
      })
    })
  }

  const unfollow = log.follow(onMessage, () => void sync())
  if (log.immediate) {
    cursor = { position: 1, nonce: 'local' }
    proof.succeeded(forEver)
  } else {
    poll()
  }

  return {
    table,
    graph,
    /** Milliseconds since the epoch on the log's clock, as far as it is known. */
    now: logNow,
    /** A time of the wall clock here as the log's clock has it. */
    logTime: toLogTime,
    get position() {
      return position()
    },
    get outboxSize() {
      return outbox.size
    },
    /** How long ago the last proof of being current was, in ms; `Infinity` if there never was one. */
    get lag() {
      return proof.age
    },
    /** What was acknowledged before this moment is applied. */
    get provenAt(): Moment {
      return proof.at ?? longAgo
    },
    /** Whether everything older than `maxStaleness` is certain to be applied. */
    isCurrent: log.immediate ? () => true : () => proof.holds(momentOf(clock)),
    /** The same for somebody who knows what time it is. */
    isCurrentAt: log.immediate ? () => true : proof.holds,

    /** Becomes current if it is not. Costs a round trip when the proof is too old, and nothing otherwise. */
    async ensureCurrent(): Promise<boolean> {
      if (this.isCurrent()) return true
      return !proof.isPausing && (await sync()) && this.isCurrent()
    },

    /** Applies everything that was acknowledged before this call. */
    async catchUp(): Promise<boolean> {
      return log.immediate || ((await syncAfresh()) && isSettled)
    },

    /** Applies everything up to `token`, which another process may have handed over. */
    async reachPosition(token: number): Promise<boolean> {
      const isReached = () => isSettled && position() >= token
      return isReached() || ((await syncAfresh()) && isReached())
    },

    /** How far the log is applied here, and how much was added from here. */
    currentPlace: () => ({ position: position(), sequence }),

    /** Where a computation that starts now stands. `sourceLag`: how far its source may be behind, in ms. */
    takeStamp(sourceLag: number): Stamp {
      const applied = position()
      const reflected =
        sourceLag > 0 ? Math.min(applied, Math.floor((logNow() - sourceLag) * 1_000)) : applied
      return {
        position: applied,
        asOf: Math.max(0, reflected),
        sequence,
        startedAt: momentOf(clock),
      }
    },

    /** Applies at once here, then tells the log. Resolves when the log has answered, or has failed to. */
    invalidate(invalidations: readonly Invalidation[]): Promise<Delivery> {
      sequence += 1
      // What hangs below these tags is not known yet, so everything here might.
      if (!proof.exists) table.distrustAll(sequence)
      for (const item of invalidations) {
        table.addPending(item, sequence)
        if (item.scope === 'key' && item.mode === 'hard') options.onKey(item.name, Number.POSITIVE_INFINITY)
      }
      return delivery.deliver(invalidations.map((invalidation) => ({ invalidation, sequence })))
    },

    async close(): Promise<void> {
      closed = true
      cancelPoll()
      unfollow()
      if (outbox.size > 0) await delivery.attempt(outbox.take())
    },
  }
}

export type Follower = ReturnType<typeof createFollower>

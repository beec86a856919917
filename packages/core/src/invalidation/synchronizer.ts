import type { Clock } from '../contracts/clock'
import type { CacheEvents } from '../contracts/events'
import type { InvalidationLog, LogMessage } from '../contracts/log'
import { elapsedSince, momentOf } from '../entry/moment'
import type { Deliver } from './delivery'
import type { LogReader } from './log-reader'
import type { Outbox } from './outbox'
import type { LogRepair } from './repair'
import type { StalenessBound } from './staleness-bound'
import type { TagTable } from './tag-table'

/** Dependencies of a synchronizer. */
interface SynchronizerOptions {
  readonly log: InvalidationLog
  readonly clock: Clock
  /** Time between two periodic syncs, in ms. */
  readonly syncInterval: number
  readonly reader: LogReader
  readonly repair: LogRepair
  readonly bound: StalenessBound
  readonly table: TagTable
  readonly outbox: Outbox
  readonly deliver: Deliver
  readonly handlers: { onSync(event: CacheEvents['sync']): void }
}

/**
 * Keeps this process in sync with the log: by pushed records, by polling, and on demand. Every sync proves the staleness
 * bound and flushes the outbox.
 */
export function createSynchronizer(options: SynchronizerOptions) {
  const { log, clock, syncInterval, reader, repair, bound, table, outbox, deliver, handlers } = options
  let running: Promise<boolean> | undefined
  let unsubscribe: () => void = () => undefined
  let cancelPoll: () => void = () => undefined
  let isStopped = false

  async function syncOnce(): Promise<boolean> {
    const sentAt = momentOf(clock)
    let ok = false
    try {
      await reader.readToEnd()
      if (reader.isSettled) bound.recordProof(sentAt)
      else bound.recordFailure()
      table.trustAgain()
      if (outbox.size > 0) await outbox.redeliver(deliver)
      if (outbox.size === 0) repair.confirmNames()
      ok = true
    } catch {
      bound.recordFailure()
    }
    handlers.onSync({ duration: elapsedSince(sentAt, clock), ok })
    return ok
  }

  function sync(): Promise<boolean> {
    running ??= syncOnce().finally(() => {
      running = undefined
    })
    return running
  }

  function schedulePoll(): void {
    cancelPoll = clock.background(syncInterval, () => {
      void sync().finally(() => {
        if (!isStopped) schedulePoll()
      })
    })
  }

  function onMessage(message: LogMessage): void {
    if (isStopped) return
    if (reader.acceptPush(message) === 'gap') void sync()
  }

  return {
    /** Syncs with the log, or joins the sync in flight. Resolves to whether it succeeded. */
    sync,
    /** Like `sync`, but never joins a sync that was sent before this call. */
    async syncAfresh(): Promise<boolean> {
      if (running !== undefined) await running
      return sync()
    },
    /** Subscribes and starts polling. The log may push records before this call returns. */
    start(): void {
      unsubscribe = log.follow(onMessage, () => void sync())
      if (!log.immediate) schedulePoll()
    },
    /** Unsubscribes and stops polling. Resolves when the sync in flight has ended, with all that it delivers. */
    async stop(): Promise<void> {
      isStopped = true
      cancelPoll()
      unsubscribe()
      await running
    },
  }
}

export type Synchronizer = ReturnType<typeof createSynchronizer>

import type { SharedWrite } from '@larder/core'
import { type LogPart, losePart } from './log-state'
import { createServerEntries } from './server-entries'
import { createServerLeases } from './server-leases'
import { createServerLog, type LogSettings } from './server-log'
import { copyServerState, emptyServerState, type ServerState } from './server-state'

/** Settings of the log with its pushes, clocks, and the server's other pushes. */
interface FakeServerOptions extends Omit<LogSettings, 'identity' | 'uptime' | 'hasAppendOnlyFile'> {
  /** The data that it starts with. @defaultValue nothing */
  readonly initialState?: ServerState | undefined
  /** Milliseconds that never go backwards. */
  monotonic(): number
  /** Called when a lease of this key has ended, to wake the callers that wait for it. */
  onRelease(key: string): void
}

/**
 * A fake of Redis at the level of the store contracts: entries, leases and the log, with atomic operations. It can lose
 * parts of its data, fall back to the state of a replica, and lose everything.
 */
export function createFakeServer(options: FakeServerOptions) {
  const { nextNonce } = options
  let state = options.initialState ?? emptyServerState()
  let identity = `server ${nextNonce()}`
  /** On the server's wall clock. A server that was never restarted has run for ever. */
  let startedAt = Number.NEGATIVE_INFINITY
  let hasAppendOnlyFile = false
  const { readEntry, writeEntry, deleteOlder } = createServerEntries(() => state.entries, options.monotonic)
  const leases = createServerLeases(() => state.leases, { ...options, readEntry })
  const log = createServerLog(() => state.log, {
    ...options,
    identity: () => identity,
    uptime: () => options.now() - startedAt,
    hasAppendOnlyFile: () => hasAppendOnlyFile,
  })

  /** Continues with this data, as another incarnation of the server. */
  function becomeServer(successor: ServerState): void {
    state = successor
    identity = `server ${nextNonce()}`
  }

  return {
    ...leases,
    log,
    /** The server's wall clock, in ms. */
    now: options.now,
    keys: () => [...state.entries.keys()],
    get: (keys: readonly string[]): (Uint8Array | undefined)[] => keys.map(readEntry),
    set(writes: readonly SharedWrite[]): void {
      for (const write of writes) {
        writeEntry(write)
        if (write.lease !== undefined) leases.releaseLease(write.key, write.lease)
      }
    },
    delete(keys: readonly string[], position: number, keepFor: number): void {
      for (const key of keys) deleteOlder(key, position, keepFor)
    },

    evictEntry: (key: string): boolean => state.entries.delete(key),
    evictLogPart: (part: LogPart) => losePart(state.log, part),
    /** Loses everything, as FLUSHALL does. */
    flush(): void {
      state = emptyServerState()
    },
    /** Copies the state, as a replica has it that receives no further writes. */
    takeReplica: (): ServerState => copyServerState(state),
    /** Continues from a replica's state: writes since `takeReplica` are lost. */
    failOver: becomeServer,
    /** Restarts from what its disk held: a snapshot, or an append-only file. */
    restartFrom(saved: ServerState, isAppendOnlyFile: boolean): void {
      becomeServer(saved)
      startedAt = options.now()
      hasAppendOnlyFile = isAppendOnlyFile
    },
    /** The given state with the entries of this server, as on a Cluster, where other servers keep the entries. */
    withCurrentEntries: ({ log }: ServerState): ServerState => ({ ...state, log }),
  }
}

export type FakeServer = ReturnType<typeof createFakeServer>

import type { LeaseAnswer, LeaseRequest, LogMessage, SharedWrite } from '@larder/core'
import { copyLog, emptyLog, type LogPart, type LogState, losePart } from './log-state'
import { createServerLog, type LogSettings } from './server-log'

/** The whole data of a server. */
export interface ServerState {
  readonly entries: Map<string, StoredEntry>
  readonly leases: Map<string, HeldLease>
  readonly log: LogState
}

interface StoredEntry {
  readonly bytes: Uint8Array
  /** On the server's monotonic clock, in ms. */
  readonly expiresAt: number
}

interface HeldLease {
  readonly token: string
  readonly asOf: number
  readonly expiresAt: number
}

/** Settings of the log, clocks, and the server's pushes. */
interface FakeServerOptions extends Omit<LogSettings, 'identity' | 'uptime' | 'hasAppendOnlyFile'> {
  /** The data that it starts with. @defaultValue nothing */
  readonly initialState?: ServerState | undefined
  /** Milliseconds that never go backwards. */
  monotonic(): number
  /** Called for every append, to push it to followers. */
  onAppend(message: LogMessage): void
  /** Called when a lease of this key has ended, to wake the callers that wait for it. */
  onRelease(key: string): void
}

/**
 * A fake of Redis at the level of the store contracts: entries, leases and the log, with atomic operations. It can lose
 * parts of its data, fall back to the state of a replica, and lose everything.
 */
export function createFakeServer(options: FakeServerOptions) {
  const { monotonic, onAppend, onRelease, nextNonce } = options
  let state = options.initialState ?? emptyServerState()
  let identity = `server ${nextNonce()}`
  /** On the server's wall clock. A server that was never restarted has run for ever. */
  let startedAt = Number.NEGATIVE_INFINITY
  let hasAppendOnlyFile = false
  const log = createServerLog(() => state.log, {
    ...options,
    identity: () => identity,
    uptime: () => options.now() - startedAt,
    hasAppendOnlyFile: () => hasAppendOnlyFile,
  })

  function readEntry(key: string): Uint8Array | undefined {
    const stored = state.entries.get(key)
    return stored === undefined || stored.expiresAt <= monotonic() ? undefined : stored.bytes
  }
  /** The entry's bytes; `undefined` for a tombstone, which is a position of eight bytes and no content. */
  function readContent(key: string): Uint8Array | undefined {
    const bytes = readEntry(key)
    return bytes !== undefined && bytes.length > 8 ? bytes : undefined
  }
  function storeEntry(key: string, bytes: Uint8Array, keepFor: number): void {
    state.entries.set(key, { bytes, expiresAt: monotonic() + keepFor })
  }
  function releaseLease(key: string, token: string): void {
    if (state.leases.get(key)?.token !== token) return
    state.leases.delete(key)
    onRelease(key)
  }

  return {
    /** The server's wall clock, in ms. */
    now: options.now,
    keys: () => [...state.entries.keys()],
    get: (keys: readonly string[]) => keys.map(readContent),
    set(writes: readonly SharedWrite[]): void {
      for (const { key, bytes, keepFor, lease } of writes) {
        if (positionOf(readEntry(key)) <= positionOf(bytes)) storeEntry(key, bytes, keepFor)
        if (lease !== undefined) releaseLease(key, lease)
      }
    },
    delete(keys: readonly string[], position: number, keepFor: number): void {
      for (const key of keys) {
        if (positionOf(readEntry(key)) >= position) continue
        state.entries.delete(key)
        if (keepFor > 0) storeEntry(key, createTombstone(position), keepFor)
      }
    },

    /** Returns the token of the lease if it is granted. */
    acquireLease({
      key,
      asOf,
      notBefore,
      known,
      ttl,
    }: LeaseRequest): Exclude<LeaseAnswer, { lease: unknown }> | string {
      const bytes = readContent(key)
      if (bytes !== undefined && !startsWith(bytes, known)) return { outcome: 'stored', bytes }
      const holder = state.leases.get(key)
      if (holder !== undefined && holder.expiresAt > monotonic() && holder.asOf >= notBefore)
        return { outcome: 'busy' }
      const token = `lease ${nextNonce()}`
      state.leases.set(key, { token, asOf, expiresAt: monotonic() + ttl })
      return token
    },
    renewLease(key: string, token: string, ttl: number): boolean {
      const holder = state.leases.get(key)
      if (holder?.token !== token || holder.expiresAt <= monotonic()) return false
      state.leases.set(key, { ...holder, expiresAt: monotonic() + ttl })
      return true
    },
    releaseLease,

    log: {
      sync: log.sync,
      forgetKeys: log.forgetKeys,
      append(...args: Parameters<typeof log.append>) {
        const [appended, message] = log.append(...args)
        onAppend(message)
        return appended
      },
      reissue(...args: Parameters<typeof log.reissue>) {
        const [answer, message] = log.reissue(...args)
        if (message !== undefined) onAppend(message)
        return answer
      },
    },

    evictEntry(key: string): void {
      state.entries.delete(key)
    },
    evictLogPart: (part: LogPart) => losePart(state.log, part),
    /** Loses everything, as FLUSHALL does. */
    flush(): void {
      state = emptyServerState()
    },
    /** Copies the state, as a replica has it that receives no further writes. */
    takeReplica: (): ServerState => ({
      entries: new Map(state.entries),
      leases: new Map(state.leases),
      log: copyLog(state.log),
    }),
    /** Continues from a replica's state: writes since `takeReplica` are lost. */
    failOver(replica: ServerState): void {
      state = replica
      identity = `server ${nextNonce()}`
    },
    /** Restarts from what its disk held: a snapshot, or an append-only file. */
    restartFrom(saved: ServerState, isAppendOnlyFile: boolean): void {
      state = saved
      identity = `server ${nextNonce()}`
      startedAt = options.now()
      hasAppendOnlyFile = isAppendOnlyFile
    },
    /** The given state with the entries of this server, as on a Cluster, where other servers keep the entries. */
    withCurrentEntries: ({ log }: ServerState): ServerState => ({ ...state, log }),
    /** Records that the log has read and written: the work of its scripts. */
    get recordsTouched() {
      return log.recordsTouched
    },
  }
}

/** The data of a server that has lost everything. */
export const emptyServerState = (): ServerState => ({
  entries: new Map(),
  leases: new Map(),
  log: emptyLog(),
})

export type FakeServer = ReturnType<typeof createFakeServer>

function positionOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? -1 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
}

function createTombstone(position: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position))
  return bytes
}

function startsWith(bytes: Uint8Array, start: Uint8Array | undefined): boolean {
  return start?.every((byte, index) => bytes[index] === byte) ?? false
}

import type { LeaseAnswer, LeaseRequest, LogMessage, SharedWrite } from '@larder/core'
import { createLog, type LogSettings } from './log'
import { copyLog, emptyLog, type LogPart, type LogState, losePart } from './log-state'

/** Everything a server holds. */
interface ServerState {
  readonly entries: Map<string, StoredEntry>
  readonly leases: Map<string, HeldLease>
  readonly log: LogState
}

interface StoredEntry {
  readonly bytes: Uint8Array
  /** On the server's monotonic clock, in ms. */
  readonly until: number
}

interface HeldLease {
  readonly token: string
  readonly asOf: number
  readonly until: number
}

/** What a server needs from outside. */
export interface ServerOptions extends Omit<LogSettings, 'identity'> {
  /** Milliseconds that never go backwards. */
  monotonic(): number
  /** Every append, for whoever follows. */
  onAppend(message: LogMessage): void
  /** A lease ended: whoever waits for its key may go on. */
  onRelease(key: string): void
}

/**
 * A Redis-like server as the contracts see it: entries, leases and the log, each operation at one moment. It can lose
 * parts of what it holds, fall back to an older state, and forget everything.
 */
export function createServer(options: ServerOptions) {
  const { monotonic, onAppend, onRelease, nonce } = options
  let state: ServerState = { entries: new Map(), leases: new Map(), log: emptyLog() }
  let failovers = 0
  const log = createLog(() => state.log, { ...options, identity: () => `server ${failovers}` })

  function entryOf(key: string): Uint8Array | undefined {
    const stored = state.entries.get(key)
    return stored === undefined || stored.until <= monotonic() ? undefined : stored.bytes
  }
  /** An entry and no tombstone, which is a position alone. */
  function contentOf(key: string): Uint8Array | undefined {
    const bytes = entryOf(key)
    return bytes !== undefined && bytes.length > 8 ? bytes : undefined
  }
  function keep(key: string, bytes: Uint8Array, keepFor: number): void {
    state.entries.set(key, { bytes, until: monotonic() + keepFor })
  }
  function release(key: string, token: string): void {
    if (state.leases.get(key)?.token !== token) return
    state.leases.delete(key)
    onRelease(key)
  }

  return {
    keys: () => [...state.entries.keys()],
    get: (keys: readonly string[]) => keys.map(contentOf),
    set(writes: readonly SharedWrite[]): void {
      for (const { key, bytes, keepFor, lease } of writes) {
        if (positionOf(entryOf(key)) <= positionOf(bytes)) keep(key, bytes, keepFor)
        if (lease !== undefined) release(key, lease)
      }
    },
    delete(keys: readonly string[], position: number, keepFor: number): void {
      for (const key of keys) {
        if (positionOf(entryOf(key)) >= position) continue
        state.entries.delete(key)
        if (keepFor > 0) keep(key, tombstone(position), keepFor)
      }
    },

    acquire({
      key,
      asOf,
      notBefore,
      known,
      ttl,
    }: LeaseRequest): Exclude<LeaseAnswer, { lease: unknown }> | string {
      const bytes = contentOf(key)
      if (bytes !== undefined && !startsWith(bytes, known)) return { outcome: 'stored', bytes }
      const holder = state.leases.get(key)
      if (holder !== undefined && holder.until > monotonic() && holder.asOf >= notBefore)
        return { outcome: 'busy' }
      const token = nonce()
      state.leases.set(key, { token, asOf, until: monotonic() + ttl })
      return token
    },
    renew(key: string, token: string, ttl: number): boolean {
      const holder = state.leases.get(key)
      if (holder?.token !== token || holder.until <= monotonic()) return false
      state.leases.set(key, { ...holder, until: monotonic() + ttl })
      return true
    },
    release,

    log: {
      sync: log.sync,
      forgetKeys: log.forgetKeys,
      append(...args: Parameters<typeof log.append>) {
        const [appended, message] = log.append(...args)
        onAppend(message)
        return appended
      },
      reissue(...args: Parameters<typeof log.reissue>) {
        const [appended, message] = log.reissue(...args)
        onAppend(message)
        return appended
      },
    },

    /** Loses one entry, or one part of the log. */
    evict(key: string): void {
      state.entries.delete(key)
    },
    evictLog: (part: LogPart) => losePart(state.log, part),
    flush(): void {
      state = { entries: new Map(), leases: new Map(), log: emptyLog() }
    },
    /** What a replica holds that hears of nothing from now on. */
    replica: (): ServerState => ({
      entries: new Map(state.entries),
      leases: new Map(state.leases),
      log: copyLog(state.log),
    }),
    /** Goes on from what a replica held: what came after is lost. */
    failOver(replica: ServerState): void {
      state = replica
      failovers += 1
    },
  }
}

export type Server = ReturnType<typeof createServer>

function positionOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? -1 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
}

function tombstone(position: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position))
  return bytes
}

function startsWith(bytes: Uint8Array, start: Uint8Array | undefined): boolean {
  return start?.every((byte, at) => bytes[at] === byte) ?? false
}

import type { Clock } from '../../src/contracts/clock'
import type { Leases } from '../../src/contracts/lease'
import type {
  Cursor,
  Invalidation,
  InvalidationLog,
  LogMessage,
  LogPage,
  LogRecord,
  Term,
} from '../../src/contracts/log'
import type { SharedTier, Store } from '../../src/contracts/store'
import { createEntryCodec } from '../../src/encoding/entry-codec'
import { mapTier } from './map-tier'

/** The connection of one process to the shared store. */
export interface Wire {
  /** `fail`: rejects. `hang`: never settles. */
  mode: 'work' | 'fail' | 'hang'
  /** Pushed messages are lost. */
  isDeaf: boolean
  /** Calls by operation. */
  readonly calls: Record<string, number>
}

/** A store that several caches share: a tier of bytes, a log and leases, as Redis has them, in virtual time. */
export interface World {
  /** A store for one process, with a local tier unless `local` is false. */
  store(options?: { local?: boolean; wire?: Wire }): Store
  readonly entries: Map<string, Uint8Array>
  /** Loses the entries, the leases and the log. */
  flush(): void
  /** Loses the log and keeps the entries. */
  loseLog(): void
  /** Loses the records after this position, like a failover to a replica that lags. */
  failOver(position: number): void
  /** Forgets the records of all keys. */
  forgetKeys(): void
  /** Hands out the records of all keys with the next page, to be forgotten once their entries are removed. */
  handOutKeyRecords(): void
  readonly position: number
}

export function createWire(): Wire {
  return { mode: 'work', isDeaf: false, calls: {} }
}

interface LogState {
  readonly id: number
  readonly records: Map<string, LogRecord>
  readonly terms: readonly Term[]
  reissued: readonly Cursor[]
  position: number
  floor: number
  keysFloor: number
  readonly tookOverAt: number
}

/** `pageSize`: the records on a page of the log; those of one position are not parted. */
export function createWorld(clock: Clock, pageSize = Number.POSITIVE_INFINITY): World {
  const entries = new Map<string, Uint8Array>()
  const held = new Map<string, { token: string; asOf: number; until: number }>()
  const followers = new Set<{ wire: Wire; onMessage(message: LogMessage): void }>()
  const waiting = new Map<string, Set<() => void>>()
  let nonces = 0
  let log = freshLog()
  let overdue: readonly LogRecord[] = []

  function nextNonce(): number {
    nonces += 1
    return nonces
  }

  function freshLog(): LogState {
    const position = Math.floor(clock.now() * 1_000)
    const id = nextNonce()
    const terms = [{ id, from: position, server: 'world' }]
    return {
      id,
      records: new Map(),
      terms,
      reissued: [],
      position,
      floor: position,
      keysFloor: 0,
      tookOverAt: 0,
    }
  }
  const presentTerm = () => log.terms.at(-1)?.id ?? 0

  function isKnown(after: Cursor | undefined): boolean {
    if (after === undefined) return true
    const index = log.terms.findIndex(({ id }) => id === after.term)
    return index >= 0 && after.position <= (log.terms[index + 1]?.from ?? log.position)
  }

  function page(after: Cursor | undefined): LogPage {
    const known = isKnown(after)
    const start = known ? (after?.position ?? -1) : Number.POSITIVE_INFINITY
    const rest = [...log.records.values()].filter(({ position }) => position > start)
    rest.sort((a, b) => a.position - b.position)
    const end = rest[pageSize - 1]?.position ?? log.position
    const records = rest.filter((record) => record.position <= end)
    const more = records.length < rest.length
    const { id, position, floor, keysFloor, terms, reissued, tookOverAt } = log
    return {
      log: id,
      cursor: { position: more ? end : position, term: presentTerm() },
      position,
      records,
      floor,
      keysFloor,
      known,
      more,
      now: clock.now(),
      tookOverAt,
      history: after?.term === presentTerm() ? undefined : { terms, reissued },
      overdue: takeOverdue(),
    }
  }

  function takeOverdue(): readonly LogRecord[] {
    const taken = overdue
    overdue = []
    return taken
  }

  function forgetKeys(): void {
    for (const [id, { scope }] of log.records) if (scope === 'key') log.records.delete(id)
    log.keysFloor = log.position
  }

  function append(invalidations: readonly Invalidation[], above: number): void {
    const term = presentTerm()
    const previous = { position: log.position, term }
    log.position = Math.max(log.position + 1, Math.floor(clock.now() * 1_000), above + 1)
    const { position } = log
    const records = invalidations.map((invalidation) => ({ ...invalidation, position }))
    for (const record of records) log.records.set(`${record.scope} ${record.mode} ${record.name}`, record)
    if (invalidations.some(({ scope, mode }) => scope === 'all' && mode === 'hard')) log.floor = position
    for (const follower of followers)
      if (!follower.wire.isDeaf)
        follower.onMessage({ log: log.id, previous, cursor: { position, term }, records })
  }

  function over<T>(wire: Wire, operation: string, work: () => T): Promise<T> {
    wire.calls[operation] = (wire.calls[operation] ?? 0) + 1
    if (wire.mode === 'hang') return new Promise(() => undefined)
    if (wire.mode === 'fail') return Promise.reject(new Error('the wire is cut'))
    return Promise.resolve().then(work)
  }

  function logOver(wire: Wire): InvalidationLog {
    return {
      immediate: false,
      sync: (after) => over(wire, 'sync', () => page(after)),
      append: (invalidations, after) =>
        over(wire, 'append', () => {
          append(invalidations, 0)
          return page(after)
        }),
      reissue: (invalidations, { term, above, completes }) =>
        over(wire, 'reissue', () => {
          const accepted = term === presentTerm()
          if (accepted) append(invalidations, above)
          if (accepted) log.reissued = [...log.reissued, ...completes]
          return { accepted, reissued: log.reissued }
        }),
      forgetKeys: () => over(wire, 'forget', forgetKeys),
      follow(onMessage) {
        const follower = { wire, onMessage }
        followers.add(follower)
        return () => void followers.delete(follower)
      },
    }
  }

  const positionOf = (bytes: Uint8Array | undefined) =>
    bytes === undefined ? -1 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))

  function release(key: string, token: string): void {
    if (held.get(key)?.token !== token) return
    held.delete(key)
    for (const wake of waiting.get(key) ?? []) wake()
  }

  function tierOver(wire: Wire): SharedTier {
    return {
      name: 'world',
      createCodec: createEntryCodec,
      maxTtl: Number.POSITIVE_INFINITY,
      get: (keys) =>
        over(wire, 'get', () =>
          keys.map((key) => ((entries.get(key)?.length ?? 0) > 8 ? entries.get(key) : undefined)),
        ),
      set: (writes) =>
        over(wire, 'set', () => {
          for (const { key, bytes, lease } of writes) {
            if (positionOf(entries.get(key)) <= positionOf(bytes)) entries.set(key, bytes)
            if (lease !== undefined) release(key, lease)
          }
        }),
      delete: (keys, position, keepFor) =>
        over(wire, 'delete', () => {
          for (const key of keys) {
            if (positionOf(entries.get(key)) >= position) continue
            entries.delete(key)
            if (keepFor > 0) entries.set(key, tombstone(position))
          }
        }),
      scan: async () => ({ keys: [...entries.keys()], cursor: undefined }),
      reset: () => undefined,
    }
  }

  function leasesOver(wire: Wire): Leases {
    let tokens = 0
    return {
      acquire: ({ key, asOf, notBefore, known, ttl }) =>
        over(wire, 'lease', () => {
          const bytes = entries.get(key)
          const isNews = known === undefined || !startsWith(bytes, known)
          if (bytes !== undefined && bytes.length > 8 && isNews) return { outcome: 'stored', bytes } as const
          const holder = held.get(key)
          if (holder !== undefined && holder.until > clock.monotonic() && holder.asOf >= notBefore)
            return { outcome: 'busy' } as const
          tokens += 1
          const token = `${wireName(wire)}-${tokens}`
          held.set(key, { token, asOf, until: clock.monotonic() + ttl })
          return {
            outcome: 'granted',
            lease: {
              token,
              renew: (more) =>
                over(wire, 'renew', () => {
                  const mine = held.get(key)
                  if (mine?.token === token) held.set(key, { ...mine, until: clock.monotonic() + more })
                  return mine?.token === token
                }),
              release: () => over(wire, 'release', () => release(key, token)),
            },
          } as const
        }),
      onRelease(key, listener) {
        const listeners = waiting.get(key) ?? new Set()
        waiting.set(key, listeners.add(listener))
        return () => void listeners.delete(listener)
      },
    }
  }

  return {
    entries,
    get position() {
      return log.position
    },
    store: ({ local = true, wire: own = createWire() } = {}) => ({
      open: () => ({
        local: local ? mapTier() : undefined,
        shared: [tierOver(own)],
        log: logOver(own),
        leases: leasesOver(own),
        close: async () => undefined,
      }),
    }),
    flush() {
      entries.clear()
      held.clear()
      log = freshLog()
    },
    loseLog() {
      log = freshLog()
    },
    forgetKeys,
    handOutKeyRecords() {
      overdue = [...log.records.values()].filter(({ scope }) => scope === 'key')
    },
    failOver(position) {
      log = {
        ...log,
        position,
        tookOverAt: clock.now(),
        terms: [...log.terms, { id: nextNonce(), from: position, server: 'another' }],
        records: new Map([...log.records].filter(([, record]) => record.position <= position)),
      }
    },
  }
}

const names = new WeakMap<Wire, string>()
let wires = 0

function wireName(wire: Wire): string {
  const known = names.get(wire)
  if (known !== undefined) return known
  wires += 1
  names.set(wire, `w${wires}`)
  return `w${wires}`
}

function tombstone(position: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position))
  return bytes
}

function startsWith(bytes: Uint8Array | undefined, start: Uint8Array): boolean {
  return bytes !== undefined && start.every((byte, at) => bytes[at] === byte)
}

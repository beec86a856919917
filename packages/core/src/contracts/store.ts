import type { LocalEntry } from '../entry/entry'
import type { Clock } from './clock'
import type { Compressor } from './codec'
import type { CreateEntryCodec } from './entry-codec'
import type { Leases } from './lease'
import type { InvalidationLog } from './log'

/**
 * A place to keep entries, as configured by the user: `createCache({ store: memoryStore() })`.
 * An adapter translates and never decides: freshness, validity, sharing, retries and timeouts belong to the cache.
 */
export interface Store {
  /** Opens the store for one cache. Must not wait for a server: the first call detects a server that is down. */
  open(context: StoreContext): OpenStore
}

/** Passed to a store by the cache that opens it. */
export interface StoreContext {
  /** The cache's name: the namespace of all its data in the store. */
  readonly name: string
  readonly clock: Clock
  /**
   * The cache's `tagSeparator`. All processes of a cache need the same one, so the log records it ({@link LogHistory}). A tool
   * that stores no entries gives none.
   */
  readonly tagSeparator?: string | undefined
  /** Maximum size of a value in a local tier, in bytes; a larger one must not be kept. @defaultValue Infinity */
  readonly maxValueSize?: number | undefined
  /** Reports a failure that belongs to no call, such as a lost connection. Never throws. */
  report(error: unknown): void
  /** Reports that an entry was removed to make room. */
  evicted(key: string): void
}

/** An opened store. A tier is `local` (in this process, synchronous) or `shared` (bytes, outside of it). */
export type OpenStore = OpenLocalStore | OpenSharedStore

/** A store without shared tiers. Without a log, the cache uses one in its own process. */
export interface OpenLocalStore {
  readonly local?: LocalTier | undefined
  readonly shared: readonly []
  readonly log?: InvalidationLog | undefined
  readonly leases?: Leases | undefined
  /** The latest figures of the servers that keep the store. Asked whenever somebody looks at the cache. */
  readonly servers?: (() => readonly ServerUsage[]) | undefined
  close(): Promise<void>
}

/** A store with shared tiers. It needs a log: otherwise other processes would serve its entries after an invalidation. */
export interface OpenSharedStore {
  readonly local?: LocalTier | undefined
  /** Ordered from the nearest to the farthest. */
  readonly shared: readonly SharedTier[]
  /** The authority on invalidations. */
  readonly log: InvalidationLog
  readonly leases?: Leases | undefined
  /** The latest figures of the servers that keep the store. Asked whenever somebody looks at the cache. */
  readonly servers?: (() => readonly ServerUsage[]) | undefined
  close(): Promise<void>
}

/** The state of a server that keeps a store, as the server tells it. */
export interface ServerUsage {
  /** `host:port`. */
  readonly server: string
  /** Memory used, in bytes. */
  readonly usedMemory: number
  /** The limit of its memory, in bytes; 0 for none. */
  readonly maxMemory: number
  /** How it makes room at its limit, such as `volatile-lru`; `noeviction` if it does not. */
  readonly evictionPolicy: string
  /** Memory of its process, by memory used: more than 1.5 is fragmentation, less than 1 is swapping. */
  readonly fragmentation: number
  readonly clients: number
  /** Keys that it has removed to make room. */
  readonly evicted: number
}

/** A tier in this process. It holds entries as objects, bounded in number and bytes. */
export interface LocalTier {
  /** Short name for telemetry, such as `memory`. */
  readonly name: string
  /** Maximum freshness of an entry in this tier, in ms. */
  readonly maxTtl: number
  get(key: string): LocalEntry | undefined
  /** Like `get`, without counting as a use for the eviction policy. */
  peek(key: string): LocalEntry | undefined
  set(entry: LocalEntry): void
  delete(key: string): void
  /** Current usage. Bytes include keys and metadata. */
  usage(): TierUsage
  /** All entries. A sweep deletes entries, and others are stored, while it iterates. */
  entries(): Iterable<LocalEntry>
}

/** Current and maximum usage of a local tier. */
export interface TierUsage {
  readonly entries: number
  readonly maxEntries: number
  readonly bytes: number
  readonly maxBytes: number
}

/** An entry to be written to a shared tier. */
export interface SharedWrite {
  readonly key: string
  /** Begins with the entry's position, an unsigned big-endian integer of eight bytes. */
  readonly bytes: Uint8Array
  /** How long the tier must keep the entry, in ms (at least 1). */
  readonly keepFor: number
  /** Token of the lease under which the entry was computed. The write releases the lease and wakes its waiters. */
  readonly lease?: string | undefined
}

/** One page of the keys in a tier. */
export interface ScanPage {
  readonly keys: readonly string[]
  /** Cursor of the next page; undefined on the last page. */
  readonly cursor: string | undefined
}

/** A tier outside this process. It stores bytes and interprets only the position they begin with. */
export interface SharedTier {
  /** Short name for telemetry, such as `redis`. */
  readonly name: string
  /** Maximum time an entry is kept in this tier, in ms. */
  readonly maxTtl: number
  /**
   * Whether entries can outlive records of the log, because another server keeps them: a shard, or a tier of a region. Of
   * such a tier, entries older than the last forgotten record of a key are not served. @defaultValue `false`
   */
  readonly isApartFromLog?: boolean | undefined
  /**
   * Creates the codec for entries: `createEntryCodec` from `@larder/core/encoding`. The tier brings it, so that a cache
   * without shared tiers does not load it.
   */
  readonly createCodec: CreateEntryCodec
  /**
   * Where entries are, beyond the name of the cache: prefix and database, for example. A sealed entry that was copied from
   * another place does not open. @defaultValue `''`
   */
  readonly place?: string | undefined
  /** The default compressor, used if the cache sets none. */
  readonly compressor?: Compressor | undefined
  /** Entries in the order of `keys`, in one round trip per server involved. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /** Writes each entry, but never overwrites one with a newer position. */
  set(writes: readonly SharedWrite[]): Promise<void>
  /**
   * Removes entries of `keys` older than `position`, and for `keepFor` ms rejects writes older than that (a tombstone).
   */
  delete(keys: readonly string[], position: number, keepFor: number): Promise<void>
  /**
   * About `count` keys in the tier, starting at `cursor`, or at the beginning if it is undefined. Keys that exist throughout
   * the scan are returned at least once; keys added or removed meanwhile may be missing. Repetitions are allowed. A tier
   * that cannot list its keys has no `scan`: then `cache.keys`, `sweep` and `audit` see the other tiers only.
   */
  readonly scan?: ((cursor: string | undefined, count: number) => Promise<ScanPage>) | undefined
  /**
   * Replaces the connection. Called when replies may be matched to wrong calls: after a key mismatch or timeouts, and as often
   * as that happens.
   */
  reset(): void
}

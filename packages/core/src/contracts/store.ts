import type { LocalEntry } from '../entry/local-entry'
import type { Clock } from './clock'
import type { Compressor } from './codec'
import type { CreateEntryCodec } from './entry-codec'
import type { Leases } from './lease'
import type { InvalidationLog } from './log'

/**
 * A place to keep entries, as the user names it: `createCache({ store: memoryStore() })`.
 * An adapter translates and never decides: freshness, validity, sharing, retry and deadlines live in the cache.
 */
export interface Store {
  /** Opens the store for one cache. Must not wait for a server: a server that is down is found out by the first call. */
  open(context: StoreContext): OpenStore
}

/** What a store gets from the cache that opens it. */
export interface StoreContext {
  /** The cache's name: the namespace of everything it keeps. */
  readonly name: string
  readonly clock: Clock
  /** Tells what went wrong behind the caller's back (a lost connection); never throws. */
  report(error: unknown): void
  /** An entry was removed to make room. */
  evicted(key: string): void
}

/** What a store brings. A tier is `local` (in this process, synchronous) or `shared` (bytes, elsewhere). */
export interface OpenStore {
  readonly local?: LocalTier | undefined
  /** From near to far. */
  readonly shared: readonly SharedTier[]
  /** The authority on invalidation. Without one, the cache keeps a log of its own. */
  readonly log?: InvalidationLog | undefined
  readonly leases?: Leases | undefined
  close(): Promise<void>
}

/** A tier in this process. It holds entries as they are, bounded in number and bytes. */
export interface LocalTier {
  /** Short name in telemetry, such as `memory`. */
  readonly name: string
  /** No entry is fresh in this tier for longer than this, in ms. */
  readonly maxTtl: number
  get(key: string): LocalEntry | undefined
  /** Like `get`, without counting as a use. */
  peek(key: string): LocalEntry | undefined
  set(entry: LocalEntry): void
  delete(key: string): void
  /** How full it is. Bytes count keys and metadata. */
  usage(): TierUsage
  entries(): Iterable<LocalEntry>
}

/** How full a local tier is, and how full it may get. */
export interface TierUsage {
  readonly entries: number
  readonly maxEntries: number
  readonly bytes: number
  readonly maxBytes: number
}

/** One entry on its way into a shared tier. */
export interface SharedWrite {
  readonly key: string
  /** Begins with the entry's position: eight bytes, an unsigned big-endian integer. */
  readonly bytes: Uint8Array
  /** How long the tier must keep it, in ms (at least 1). */
  readonly keepFor: number
  /** The lease under which it was computed: given back, and its waiters woken, with the write. */
  readonly lease?: string | undefined
}

/** A part of what a shared tier holds. */
export interface ScanPage {
  readonly keys: readonly string[]
  /** Where the next page begins; undefined after the last. */
  readonly cursor: string | undefined
}

/** A tier outside this process. It moves bytes and knows nothing of them but the position they begin with. */
export interface SharedTier {
  /** Short name in telemetry, such as `redis`. */
  readonly name: string
  /** No entry is kept in this tier for longer than this, in ms. */
  readonly maxTtl: number
  /**
   * What makes bytes of entries: `createEntryCodec` from `@larder/core/encoding`. A tier brings it, so that a cache without
   * shared tiers does without.
   */
  readonly createCodec: CreateEntryCodec
  /** Used where the cache sets no compression of its own. */
  readonly compressor?: Compressor | undefined
  /** One round trip per server touched; answers in the order of `keys`. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /** Writes each entry, but never over one with a newer position. */
  set(writes: readonly SharedWrite[]): Promise<void>
  /**
   * Removes the entries of `keys` older than `position`, and refuses older ones that arrive late, for `keepFor` ms.
   */
  delete(keys: readonly string[], position: number, keepFor: number): Promise<void>
  /**
   * Keys in the tier, about `count` of them, from where `cursor` left off; from the beginning where it is undefined. What
   * is there all the while is found, what comes or goes meanwhile perhaps, and nothing is promised about repetitions.
   */
  scan(cursor: string | undefined, count: number): Promise<ScanPage>
  /** An answer belonged to another question, or answers stay away: the connection cannot be trusted and is replaced. */
  reset(): void
}

/** A feature of a library. Workloads declare the features that they need. */
export type Offer = 'memory' | 'redis' | 'tiered' | 'tags' | 'many' | 'flight'

/** The location of entries: in the process, on Redis, or both. */
export type Tier = 'memory' | 'redis' | 'tiered'

/** The settings of a cache, the same for every library. */
export interface Setup {
  readonly tier: Tier
  /** The most entries in memory. */
  readonly capacity: number
  /** URL of a Redis server for this cache alone; empty if the tier needs none. */
  readonly redis: string
  /** The tags of every entry. */
  readonly tags: readonly string[]
  /** The function that computes the value of a key. */
  readonly computeOf: (key: string) => () => unknown
  /** Eviction policy of the memory, for libraries that offer a choice. @defaultValue the library's default */
  readonly eviction?: 'lru' | undefined
  /** Whether only the counts of commands and computations matter, so that no timer may add to them. @defaultValue `false` */
  readonly isCounted?: boolean | undefined
}

/** An open cache. Reads fill it. */
export interface BenchCache {
  /** Returns the cached value; on a miss, computes and caches it. */
  read(key: string): unknown
  /** Reads many keys in one call. */
  readMany?(keys: string[]): Promise<readonly unknown[]>
  /** Invalidates every entry with the tag. */
  invalidate?(tag: string): Promise<unknown>
  close(): Promise<unknown>
}

/** A library, or a minimal implementation that serves as the upper limit. */
export interface Library {
  readonly name: string
  readonly role: 'larder' | 'peer' | 'limit'
  readonly offers: readonly Offer[]
  /** The oldest major version of Node that it supports. @defaultValue 20 */
  readonly node?: number | undefined
  /** Imports the library; called only in the process that measures it. */
  load(): Promise<OpenCache>
}

/** Opens a cache with the settings that the library's documentation recommends for speed. */
export type OpenCache = (setup: Setup) => Promise<BenchCache>

/** Long enough that no entry expires during a measurement, in ms. */
export const ttl = 3_600_000

/** What a library can do in the bench; a workload names what it needs. */
export type Offer = 'memory' | 'redis' | 'tiered' | 'tags' | 'many' | 'flight'

/** Where entries are kept: in the process, on Redis, or in both. */
export type Tier = 'memory' | 'redis' | 'tiered'

/** What a workload asks of a cache, the same of every library. */
export interface Setup {
  readonly tier: Tier
  /** Entries that fit in memory. */
  readonly room: number
  /** A server of its own. Empty where the tier needs none. */
  readonly redis: string
  /** The tags of every entry. */
  readonly tags: readonly string[]
  /** The function that computes the value of a key. */
  readonly computeOf: (key: string) => () => unknown
  /** What memory keeps when it is full, where the library lets one choose; its default where nothing is said. */
  readonly eviction?: 'lru' | undefined
  /** Only commands and computations are counted: nothing that happens by the clock may be among them. @defaultValue false */
  readonly isCounted?: boolean | undefined
}

/** A cache that is set up. Entries come to be by reading them. */
export interface BenchCache {
  /** The cached value, or what the key's function returns, which is then cached. */
  read(key: string): unknown
  /** Cached values of many keys in one call. */
  readMany?(keys: string[]): Promise<readonly unknown[]>
  /** Ends every entry with the tag. */
  invalidate?(tag: string): Promise<unknown>
  close(): Promise<unknown>
}

/** One library, or the limit of what is possible. */
export interface Library {
  readonly name: string
  readonly role: 'larder' | 'peer' | 'limit'
  readonly offers: readonly Offer[]
  /** The major version of Node that it needs. @defaultValue 20 */
  readonly node?: number | undefined
  /** Loads it: in the process of the library alone. */
  load(): Promise<OpenCache>
}

/** Sets a cache up as the library's own documentation recommends for speed. */
export type OpenCache = (setup: Setup) => Promise<BenchCache>

/** No entry ends by its age while it is measured, in ms. */
export const ttl = 3_600_000

import type { Freshness } from '../entry/entry'
import type { MissReason } from './events'

/** A read-only view of an entry, for people and tools. */
export interface EntryView<T = unknown> {
  readonly value: T
  readonly state: Freshness
  readonly tags: readonly string[]
  readonly createdAt: Date
  readonly freshUntil: Date
  readonly staleUntil: Date
  readonly errorUntil: Date
  /** The log position that was applied when its computation started. */
  readonly asOf: number
  /** Duration of its computation, in ms. */
  readonly computeTime: number
}

/** Options of `cache.keys`. */
export interface KeysOptions {
  /** Lists matching keys only: `*` matches any characters, `?` one. @defaultValue '*' */
  readonly pattern?: string | undefined
  /**
   * Lists only keys with an entry that may still be served, fresh or stale. Reads the entry of each key of the page.
   * @defaultValue false
   */
  readonly live?: boolean | undefined
  /** The `cursor` of the previous page. @defaultValue undefined: the first page */
  readonly cursor?: string | undefined
  /** Approximate number of keys scanned per page. A page may be empty although more follow. @defaultValue 100 */
  readonly limit?: number | undefined
}

/** A key and the path of namespaces it is in, outermost first. */
export interface KeyView {
  readonly namespace: readonly string[]
  readonly key: string
}

/** One page of keys. */
export interface KeyPage {
  readonly keys: readonly KeyView[]
  /** Cursor of the next page; undefined on the last page. */
  readonly cursor: string | undefined
}

/** The answer of `cache.explain`: why a key is a hit, stale or a miss. */
export interface Explanation {
  readonly key: string
  readonly outcome: 'hit' | 'stale' | 'miss'
  /** Undefined for a hit. */
  readonly reason: MissReason | undefined
  /** The tier that holds the entry. */
  readonly tier: string | undefined
  /** Time since the entry was computed, in ms. */
  readonly age: number | undefined
  /** Remaining freshness, in ms; negative if the entry has expired. */
  readonly freshFor: number | undefined
  readonly tags: readonly string[]
  readonly asOf: number | undefined
  /** The log position up to which this process has applied records; `-1` before the first sync. */
  readonly position: number
  /** Time since this process was last proven current, in ms. */
  readonly lag: number
  /** The invalidation that applies to the entry. */
  readonly invalidatedBy: InvalidationView | undefined
  /** A one-sentence explanation. */
  readonly summary: string
}

/** A read-only view of an invalidation. */
export interface InvalidationView {
  readonly scope: 'tag' | 'key' | 'all'
  readonly name: string
  readonly mode: 'hard' | 'soft'
  /** Undefined until the log has confirmed the invalidation. */
  readonly position: number | undefined
  readonly at: Date | undefined
}

import type { Freshness } from '../entry/entry'
import type { MissReason } from './events'

/** An entry as people and tools see it. */
export interface EntryView<T = unknown> {
  readonly value: T
  readonly state: Freshness
  readonly tags: readonly string[]
  readonly createdAt: Date
  readonly freshUntil: Date
  readonly staleUntil: Date
  readonly errorUntil: Date
  /** The log position its computation started from. */
  readonly asOf: number
  /** How long its computation took, in ms. */
  readonly computeTime: number
}

/** Which keys to list. */
export interface KeysOptions {
  /** Keys must match: `*` stands for any characters, `?` for one. @defaultValue '*' */
  readonly pattern?: string | undefined
  /** Where the page before this one ended. @defaultValue none: from the beginning */
  readonly cursor?: string | undefined
  /** Keys looked at, about. Fewer may match, and none of them says nothing about the next page. @defaultValue 100 */
  readonly limit?: number | undefined
}

/** A key, and the namespaces it is in: `cache.namespace(…)` with one after the other leads to it. */
export interface KeyView {
  readonly namespace: readonly string[]
  readonly key: string
}

/** Some of the keys in a cache. */
export interface KeyPage {
  readonly keys: readonly KeyView[]
  /** For the next page; undefined after the last. */
  readonly cursor: string | undefined
}

/** Why a key is a hit, stale or a miss. */
export interface Explanation {
  readonly key: string
  readonly outcome: 'hit' | 'stale' | 'miss'
  /** Undefined for a hit. */
  readonly reason: MissReason | undefined
  /** The tier that holds the entry. */
  readonly tier: string | undefined
  /** Since the entry was computed, in ms. */
  readonly age: number | undefined
  /** Until it stops being fresh, in ms; negative if that is past. */
  readonly freshFor: number | undefined
  readonly tags: readonly string[]
  readonly asOf: number | undefined
  /** How far this process has read the log; `-1` if it never reached it. */
  readonly position: number
  /** Since this process was last proven current, in ms. */
  readonly lag: number
  /** What ended the entry. */
  readonly invalidatedBy: InvalidationView | undefined
  /** One sentence for people. */
  readonly summary: string
}

/** An invalidation as people see it. */
export interface InvalidationView {
  readonly scope: 'tag' | 'key' | 'all'
  readonly name: string
  readonly mode: 'hard' | 'soft'
  /** Undefined while the log has not confirmed it. */
  readonly position: number | undefined
  readonly at: Date | undefined
}

import type { Duration } from '../entry/duration'

/** Something that fills the cache when it runs: usually a call of a wrapped function. */
export type WarmTask = () => unknown

/** How far a warm-up is. */
export interface WarmProgress {
  readonly done: number
  readonly failed: number
  /** Undefined while nobody knows: tasks come from a generator. */
  readonly total: number | undefined
  /** In ms. */
  readonly elapsed: number
}

/** How to warm. */
export interface WarmOptions {
  /** Tasks under way at most. @defaultValue 4 */
  readonly concurrency?: number | undefined
  /** Stops taking tasks; those under way end by themselves. */
  readonly signal?: AbortSignal | undefined
  /** Called after each task. */
  readonly onProgress?: ((progress: WarmProgress) => void) | undefined
  /**
   * Only one process of all runs the tasks of this name, and none again for that long: the others wait for it and get its
   * report. Each warms on its own where the store is away. @defaultValue every process runs them
   */
  readonly once?: { readonly name: string; readonly every: Duration } | undefined
}

/** What became of a warm-up. */
export interface WarmReport {
  readonly done: number
  readonly failed: number
  /** The messages of the first ten failures. */
  readonly failures: readonly string[]
  /** In ms. */
  readonly duration: number
  /** Whether the signal ended it. */
  readonly wasStopped: boolean
}

/** How to compare a cache with its source. */
export interface AuditOptions<V = unknown> {
  /** The value of a key as it is now, from where the values come from. */
  readonly source: (key: string) => V | Promise<V>
  /** Entries compared at most, drawn by lot. @defaultValue 100 */
  readonly sample?: number | undefined
  /** Only keys that fit: `*` stands for any characters, `?` for one. @defaultValue '*' */
  readonly pattern?: string | undefined
  /** Calls of the source per second at most, one at a time. @defaultValue 10 */
  readonly rate?: number | undefined
  /** Whether a cached value is as good as the source's. @defaultValue they have the same content */
  readonly isSame?: ((cached: V, actual: V) => boolean) | undefined
  /** Deletes entries that differ. @defaultValue false */
  readonly repair?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** An entry that differed from its source, though nothing had ended it. */
export interface AuditFinding {
  readonly key: string
  /** Since the entry was computed, in ms. */
  readonly age: number
  readonly tags: readonly string[]
}

/** What an audit has found. */
export interface AuditReport {
  readonly compared: number
  readonly different: readonly AuditFinding[]
  /** Entries that had gone or changed before they could be compared. */
  readonly passed: number
  /** Keys for which the source failed. */
  readonly failed: number
  /** In ms. */
  readonly duration: number
}

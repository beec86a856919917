import type { Duration } from '../entry/duration'

/** Options of `cache.ready`. */
export interface ReadyOptions {
  /** How long to wait for the store. @defaultValue '10s' */
  readonly timeout?: Duration | undefined
}

/** A function that fills the cache when it runs: usually a call of a wrapped function. */
export type WarmTask = () => unknown

/** Progress of a warm-up. */
export interface WarmProgress {
  readonly done: number
  readonly failed: number
  /** Undefined if tasks come from a generator. */
  readonly total: number | undefined
  /** Time since the start, in ms. */
  readonly elapsed: number
}

/** Options of `cache.warm`. */
export interface WarmOptions {
  /** Maximum tasks in flight. @defaultValue 4 */
  readonly concurrency?: number | undefined
  /** Aborting it starts no further tasks; tasks in flight run to their end. */
  readonly signal?: AbortSignal | undefined
  /** Called after each task. */
  readonly onProgress?: ((progress: WarmProgress) => void) | undefined
  /**
   * Runs the tasks of this name in one process only, at most once per `every`: the other processes wait and get its
   * report. While the store is unavailable, every process runs them. @defaultValue every process runs them
   */
  readonly once?: { readonly name: string; readonly every: Duration } | undefined
}

/** Result of a warm-up. */
export interface WarmReport {
  readonly done: number
  readonly failed: number
  /** Messages of the first ten failures. */
  readonly failures: readonly string[]
  /** Duration, in ms. */
  readonly duration: number
  /** Whether the signal stopped it early. */
  readonly wasStopped: boolean
}

/** Options of `cache.audit`. */
export interface AuditOptions<V = unknown> {
  /** Loads the current value of a key from the source. */
  readonly source: (key: string) => V | Promise<V>
  /** Maximum entries compared, drawn at random. @defaultValue 100 */
  readonly sample?: number | undefined
  /** Audits matching keys only: `*` matches any characters, `?` one. @defaultValue '*' */
  readonly pattern?: string | undefined
  /** Maximum calls of the source per second, one at a time. @defaultValue 10 */
  readonly rate?: number | undefined
  /** Whether a cached value equals the source's value. @defaultValue deep equality */
  readonly isSame?: ((cached: V, actual: V) => boolean) | undefined
  /** Deletes entries that differ. @defaultValue false */
  readonly repair?: boolean | undefined
  /** Aborting it compares no further keys; those that already differed are still compared again. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The outcome of an audit for one entry. `different`: an invalidation was missing. `passed`: the entry was removed or replaced
 * before it could be compared. `failed`: the source threw an error.
 */
export type AuditOutcome = 'same' | 'different' | 'passed' | 'failed'

/** An entry that differed from its source without having been invalidated. */
export interface AuditFinding {
  readonly key: string
  /** Time since the entry was computed, in ms. */
  readonly age: number
  readonly tags: readonly string[]
}

/** Result of an audit. */
export interface AuditReport {
  readonly compared: number
  readonly different: readonly AuditFinding[]
  /** Entries that were removed or replaced before they could be compared. */
  readonly passed: number
  /** Keys for which the source threw an error, or whose values cannot be compared. */
  readonly failed: number
  /** Duration, in ms. */
  readonly duration: number
}

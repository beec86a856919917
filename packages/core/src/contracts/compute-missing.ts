import type { Duration } from '../entry/duration'
import type { TagNames } from '../entry/tag-names'

/** Computes the values of the missing keys: an array in the order of `keys`, or a map by key. */
export type ComputeMissing<T> = (
  keys: string[],
  context: ComputeManyContext,
) => Promise<ManyValues<T>> | ManyValues<T>

/**
 * One value per key in their order, or a Map by key. A row that the source does not have is `undefined`, or not in the Map. An
 * `Error` in the place of a row is thrown to the callers of this key alone.
 */
export type ManyValues<T> =
  | readonly (T | Error | undefined)[]
  | ReadonlyMap<string, T | Error>
  | ReadonlyMap<number, T | Error>

/** Lets a computation of many values set tags, `ttl` and storability per key. */
export interface ComputeManyContext {
  /** Adds tags to the entry of one key. */
  tag(key: string, ...tags: TagNames[]): void
  /** Overrides the `ttl` of the entry of one key. */
  ttl(key: string, duration: Duration): void
  /** Returns the value of one key without storing it. */
  skip(key: string): void
  /** Aborted when no caller waits for the result any longer. */
  readonly signal: AbortSignal
}

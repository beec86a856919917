import type { Duration } from '../entry/duration'
import type { TagNames } from '../entry/tag-names'

/** Passed to a computation: lets it set tags, `ttl` and storability of its result, and see the previous value. */
export interface ComputeContext<T = unknown> {
  /** Adds tags that were found while computing. */
  tag(...tags: TagNames[]): void
  /** The tags so far: those added here, and those of cached values read in this computation. */
  readonly tags: readonly string[]
  /** Overrides the `ttl` of the result. */
  ttl(duration: Duration): void
  /** Returns the result to the callers without storing it. */
  skip(): void
  /**
   * Fails the computation: callers get a stale value if `staleIfError` allows one, and this error otherwise.
   * @throws always: the given error, or a LarderError `COMPUTE_FAILED` with the given message.
   */
  fail(reason: string | Error): never
  /** Aborted at the hard timeout, or when no caller waits for the result any longer. */
  readonly signal: AbortSignal
  /** The previous value, if there is one: for a conditional request to the source. */
  readonly previous: PreviousValue<T> | undefined
  /**
   * For a source that confirms {@link ComputeContext.previous}: return the result of this call, the previous value, to renew the
   * entry. Its type is `never`, so that the type of the value follows from what else the computation returns.
   */
  notModified(): never
}

/** The value that a computation is about to replace. */
export interface PreviousValue<T> {
  readonly value: T
  readonly createdAt: Date
  readonly tags: readonly string[]
}

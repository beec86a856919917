import type { Duration } from '../entry/duration'

/** What a computation can say about its own result, and what it can know. */
export interface ComputeContext<T = unknown> {
  /** Adds tags, found while computing. */
  tag(...tags: string[]): void
  /** The tags so far: those added here, and those of the cached values read here. */
  readonly tags: readonly string[]
  /** Sets how long the result is fresh, whatever the options say. */
  ttl(duration: Duration): void
  /** The result is returned and not stored. */
  skip(): void
  /**
   * Gives up: a stale value is served if there is one that may be (`staleIfError`), and otherwise this error is thrown.
   * @throws always: the given error, or a LarderError `COMPUTE_FAILED` with the given message.
   */
  fail(reason: string | Error): never
  /** Aborted at the hard timeout, or when nobody waits for the result any more. */
  readonly signal: AbortSignal
  /** The old value, if there is one: for a conditional request to the source. */
  readonly previous: PreviousValue<T> | undefined
  /** The source says that {@link ComputeContext.previous} still holds: return this, and it is renewed. */
  notModified(): T
}

/** A value that was cached before. */
export interface PreviousValue<T> {
  readonly value: T
  readonly createdAt: Date
  readonly tags: readonly string[]
}

import type { FillOptions } from '../options'
import type { FillOutcome } from './events'

/** The answer of `cache.begin`: the cached value, or a place for a new one. */
export type Beginning<T> = FoundValue<T> | Place<T>

/** A fresh value was cached. */
export interface FoundValue<T> {
  readonly hit: true
  readonly value: T
}

/**
 * A place for the value of one key, with the log position at which it was taken. It holds nothing else: no lock, timer or
 * memory of the cache, so a place that is never filled has no effect.
 */
export interface Place<T> {
  readonly hit: false
  /**
   * Stores the value as if it had been computed since the place was taken. An invalidation since then keeps it out, or ends
   * it as soon as this process learns of it. The options add to those of `begin`, and take precedence. The value is in this
   * process when the call returns, and on its way to a shared store.
   *
   * @example
   * ```ts
   * place.fill(rows, { tags: ['product:42'] })
   * ```
   * @throws LarderError `ALREADY_FILLED` on the second call; `BAD_OPTION` or `BAD_DURATION` for an invalid option.
   */
  fill(value: T, options?: FillOptions<T>): FillOutcome
}

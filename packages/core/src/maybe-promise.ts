/** A value, or a promise of it. Code that may answer at once returns this instead of always creating a promise. */
export type MaybePromise<T> = T | Promise<T>

/**
 * Whether the value must be awaited. Tests for a `then` method instead of `instanceof Promise`: promises of other realms
 * and libraries must count, because their unhandled rejections count as well.
 */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function'
}

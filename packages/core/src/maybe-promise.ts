/** What is there, or is promised. */
export type MaybePromise<T> = T | Promise<T>

/**
 * Whether it has to be waited for. By what it can do: promises of other realms and libraries are no
 * instances of `Promise`, and their rejections count as unhandled too.
 */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function'
}

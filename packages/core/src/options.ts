import type { ComputeContext } from './contracts/compute'
import type { Duration } from './entry/duration'

/** Tags of an entry: given, or made from its value. */
export type TagsOf<T> = readonly string[] | ((value: T) => readonly string[])

/** How long a value stays fresh: given, or made from the value. */
export type TtlOf<T> = Duration | ((value: T) => Duration)

/**
 * How one value is kept. The same options, with the same defaults, wherever something is stored: for a whole
 * cache (`createCache({ ttl })`), for a wrapped function, for one call.
 */
export interface EntryOptions<T = unknown> {
  /**
   * How long the value is fresh. `0` stores nothing, but callers at the same time still share one computation.
   * @defaultValue '1m'
   */
  readonly ttl?: TtlOf<T> | undefined
  /** What the value depends on: invalidating any of these ends it. @defaultValue [] */
  readonly tags?: TagsOf<T> | undefined
  /** How long past `ttl` the old value is served while a new one is computed (RFC 5861). @defaultValue 0 */
  readonly staleWhileRevalidate?: Duration | undefined
  /** How long past `ttl` the old value is served because computing a new one failed (RFC 5861). @defaultValue 0 */
  readonly staleIfError?: Duration | undefined
  /** After a failure covered by `staleIfError`, how long until the source is asked again. @defaultValue '1s' */
  readonly retryAfter?: Duration | undefined
  /** The share of `ttl`, between 0 and 1, after which a read refreshes the value behind the caller's back. @defaultValue none */
  readonly refreshAhead?: number | undefined
  /**
   * Refreshes a little before `ttl` ends, at random and the earlier the longer the computation takes, so that
   * many processes do not all refresh at once. 1 is the published optimum, more is earlier, 0 is off.
   * Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015.
   * @defaultValue 0
   */
  readonly earlyExpiry?: number | undefined
  /** Shortens each `ttl` by a random share up to this one (0 to 1), so that entries made together do not end together. @defaultValue 0 */
  readonly jitter?: number | undefined
  /** `ttl` of `null` and `undefined`. `0` does not store them. @defaultValue the same as `ttl` */
  readonly negativeTtl?: Duration | undefined
  /** For how long an error is remembered and thrown again. `0` does not remember errors. @defaultValue 0 */
  readonly errorTtl?: Duration | undefined
  /** Whether to store this value at all. @defaultValue every value is stored */
  readonly cacheIf?: ((value: T) => boolean) | undefined
  /** How far the source of the value may lag behind its writes (a read replica, a search index). @defaultValue 0 */
  readonly sourceLag?: Duration | undefined
  /** Whether readers get values of their own. Without it they share one, and must not change it. @defaultValue true */
  readonly isolate?: boolean | undefined
}

/** How long a caller waits. */
export interface WaitOptions {
  /** When a stale value is at hand, how long to wait for a new one before serving it. @defaultValue Infinity */
  readonly softTimeout?: Duration | undefined
  /** How long to wait at all: then the call fails with `COMPUTE_TIMEOUT`, and the key is free again. @defaultValue '30s' */
  readonly hardTimeout?: Duration | undefined
}

/** What a read demands beyond the cache's own bound on staleness. */
export interface ReadOptions {
  /** `'strong'`: everything invalidated anywhere before this call counts. Costs a round trip. @defaultValue 'bounded' */
  readonly consistency?: 'bounded' | 'strong' | undefined
  /** A token from `invalidate`, `set` or `delete`, from any process: nothing older than that is served. */
  readonly after?: string | undefined
}

/** Options of `getOrCompute`. */
export interface ComputeOptions<T = unknown> extends EntryOptions<T>, WaitOptions, ReadOptions {
  /** Computes anew whatever is cached, and stores the result. @defaultValue false */
  readonly fresh?: boolean | undefined
  /**
   * Whether a cached value will do for this call. One that will not is computed anew, with the old one as `ctx.previous`.
   * The value is the cache's own: look at it, and do not change it.
   * @defaultValue every value that is fresh, or stale within its windows, will do
   */
  readonly serveIf?: ((value: T) => boolean) | undefined
  /** Ends this caller's waiting. The computation is told when nobody waits any more. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `wrap`. */
export interface WrapOptions<A extends readonly unknown[], T> extends EntryOptionsOf<A, T>, WaitOptions {
  /** Names the function in keys. @defaultValue the function's own name */
  readonly name?: string | undefined
  /** The key of a call. @defaultValue a canonical, collision-free text of the arguments */
  readonly key?: ((...args: A) => string) | undefined
  /** Change it with the function's meaning, and old entries are not read any more. @defaultValue none */
  readonly version?: string | number | undefined
}

/** {@link EntryOptions} whose tags may also be made from the arguments. */
export interface EntryOptionsOf<A extends readonly unknown[], T> extends Omit<EntryOptions<T>, 'tags'> {
  /** What the value depends on. The function gets the arguments of the call, then the value. */
  readonly tags?: readonly string[] | ((args: A, value: T) => readonly string[]) | undefined
}

/**
 * Computes a value; the context is for those who need it. `P` is the type of the previous value: a parameter of its own,
 * because a context that mentioned `T` would keep TypeScript from inferring `T` from what the function returns.
 */
export type Compute<T, P = T> = (context: ComputeContext<P>) => T | PromiseLike<T>

/** Every default of {@link EntryOptions} and {@link WaitOptions} in one place. */
export const defaults = {
  ttl: '1m',
  tags: [],
  staleWhileRevalidate: 0,
  staleIfError: 0,
  retryAfter: '1s',
  earlyExpiry: 0,
  jitter: 0,
  errorTtl: 0,
  sourceLag: 0,
  isolate: true,
  softTimeout: Number.POSITIVE_INFINITY,
  hardTimeout: '30s',
} as const satisfies EntryOptions & WaitOptions

/** Options of everything that invalidates. */
export interface InvalidateOptions {
  /** `'hard'`: never served again. `'soft'`: may be served as stale while a new value is computed, or on error. @defaultValue 'hard' */
  readonly mode?: 'hard' | 'soft' | undefined
  /**
   * What to do when the log cannot be reached: `'queue'` it and say so in the result, or `'throw'`
   * LarderError `INVALIDATION_QUEUED`. It is in force in this process and repeated until it arrives either way.
   * @defaultValue 'queue'
   */
  readonly ifUnavailable?: 'queue' | 'throw' | undefined
}

/** Options of `getManyOrCompute`: tags and `ttl` may depend on the key as well. */
export interface ComputeManyOptions<T = unknown>
  extends Omit<ComputeOptions<T>, 'tags' | 'ttl' | 'cacheIf' | 'serveIf'> {
  /** What each value depends on. @defaultValue [] */
  readonly tags?: readonly string[] | ((value: T, key: string) => readonly string[]) | undefined
  /** How long each value is fresh. @defaultValue '1m' */
  readonly ttl?: Duration | ((value: T, key: string) => Duration) | undefined
  /** Whether to store a value at all. @defaultValue every value is stored */
  readonly cacheIf?: ((value: T, key: string) => boolean) | undefined
}

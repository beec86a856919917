import type { ComputeContext } from './contracts/compute'
import type { Duration } from './entry/duration'
import type { TagNames } from './entry/tag-names'

/** The tags of an entry, one or several: fixed, or made from its value. */
export type TagsOf<T> = TagNames | ((value: T) => TagNames)

/** How long a value stays fresh: fixed, or made from the value. */
export type TtlOf<T> = Duration | ((value: T) => Duration)

/**
 * How one value is cached. The same options, with the same defaults, apply to a whole cache (`createCache({ ttl })`), to a
 * wrapped function, and to one call; the more specific one takes precedence.
 */
export interface EntryOptions<T = unknown> {
  /**
   * How long the value is fresh. `0` does not store it, but concurrent callers still share one computation.
   * @defaultValue '1m'
   */
  readonly ttl?: TtlOf<T> | undefined
  /** Names of the things the value depends on: invalidating one of these tags ends it. @defaultValue [] */
  readonly tags?: TagsOf<T> | undefined
  /** How long past `ttl` the old value is served while a new one is computed (RFC 5861). @defaultValue 0 */
  readonly staleWhileRevalidate?: Duration | undefined
  /** How long past `ttl` the old value is served because computing a new one failed (RFC 5861). @defaultValue 0 */
  readonly staleIfError?: Duration | undefined
  /** After a failure covered by `staleIfError`, how long until the next attempt to compute. @defaultValue '1s' */
  readonly retryAfter?: Duration | undefined
  /** The share of `ttl`, from 0 to 1, after which a read refreshes the value in the background. @defaultValue 1 (off) */
  readonly refreshAhead?: number | undefined
  /**
   * Probabilistic early expiry (XFetch): a read refreshes the value at a random time before `ttl` ends, the earlier the longer
   * the computation takes, so that processes do not all refresh at once. 1 is the published optimum, more is earlier, 0 is off.
   * Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015.
   * @defaultValue 0
   */
  readonly earlyExpiry?: number | undefined
  /** Shortens each `ttl` by a random share of up to this one (0 to 1), so that entries created together do not expire together. @defaultValue 0 */
  readonly jitter?: number | undefined
  /** `ttl` of `null` and `undefined`. `0` does not store them. @defaultValue the same as `ttl` */
  readonly negativeTtl?: Duration | undefined
  /** How long an error is remembered and thrown again. `0` does not remember errors. @defaultValue 0 */
  readonly errorTtl?: Duration | undefined
  /** Whether to store this value at all. @defaultValue every value is stored */
  readonly cacheIf?: ((value: T) => boolean) | undefined
  /** How far the source of the value may lag behind its writes (a read replica, a search index). @defaultValue 0 */
  readonly sourceLag?: Duration | undefined
  /** Whether each reader gets a copy of the value. Without it all readers share one, and must not change it. @defaultValue true */
  readonly isolate?: boolean | undefined
}

/** How long a caller waits. */
export interface WaitOptions {
  /** How long to wait for a new value before serving a stale one, if there is one. @defaultValue Infinity */
  readonly softTimeout?: Duration | undefined
  /**
   * How long a computation may take: then the call rejects with `COMPUTE_TIMEOUT`, and the next call computes again. Until
   * then a caller that waits keeps the process alive, even if the computation itself does not.
   * @defaultValue '30s'
   */
  readonly hardTimeout?: Duration | undefined
}

/**
 * The consistency of a read, beyond the cache's own bound on staleness. It holds for the reads inside its computation, and
 * for soft invalidations: such a read gets no value that one of them has made stale, not even if the source fails.
 */
export interface ReadOptions {
  /** `'strong'`: the read reflects every invalidation acknowledged in any process before this call. Costs a round trip. @defaultValue 'bounded' */
  readonly consistency?: 'bounded' | 'strong' | undefined
  /** A token from `invalidate`, `set` or `delete` in any process: the read reflects that write. */
  readonly after?: string | undefined
}

/** Options of `getOrCompute`. */
export interface ComputeOptions<T = unknown> extends EntryOptions<T>, WaitOptions, ReadOptions {
  /** Computes even if a value is cached, and stores the result. @defaultValue false */
  readonly fresh?: boolean | undefined
  /**
   * Whether this call accepts a cached value. If it does not, a new one is computed, with the old one as `ctx.previous`.
   * The value is the cache's own, not a copy: do not change it.
   * @defaultValue accepts every value that is fresh, or stale within its windows
   */
  readonly serveIf?: ((value: T) => boolean) | undefined
  /** Rejects this call when aborted. The computation is aborted (`ctx.signal`) once all its callers are. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `wrap`. */
export interface WrapOptions<A extends readonly unknown[], T> extends EntryOptionsOf<A, T>, WaitOptions {
  /** Names the function in keys: unique in the cache or namespace. @defaultValue the function's own name */
  readonly name?: string | undefined
  /**
   * Whether several functions may have this name, because they read the same data: closures that are made for each
   * request, for example. @defaultValue false
   */
  readonly shared?: boolean | undefined
  /**
   * The key of a call: a text that is not empty. The function gets the arguments of the call as one list, as `tags` does:
   * `([id]) => String(id)`. That of a method gets its object as `this`.
   * @defaultValue a canonical, collision-free encoding of the arguments
   */
  readonly key?: ((args: A) => string) | undefined
  /** Like the option of the cache, for the computations of this function alone; both apply. @defaultValue no limit */
  readonly maxConcurrentComputes?: number | undefined
  /** Part of every key: change it when the function's result changes its meaning, so that old entries are not read. @defaultValue none */
  readonly version?: string | number | undefined
}

/** {@link EntryOptions} whose tags may also be made from the arguments. */
interface EntryOptionsOf<A extends readonly unknown[], T> extends Omit<EntryOptions<T>, 'tags'> {
  /** The tags of the value. A function gets the arguments of the call as one list, then the value: `([id], user) => …`. */
  readonly tags?: TagNames | ((args: A, value: T) => TagNames) | undefined
}

/**
 * Computes a value; the context argument is optional. `P` is the type of the previous value. It is a separate parameter,
 * because a context that mentioned `T` would keep TypeScript from inferring `T` from the function's return type.
 */
export type Compute<T, P = T> = (context: ComputeContext<P>) => T | PromiseLike<T>

/** Options of `begin`: how the value is cached if it has to be filled, and how current a cached one must be. */
export interface BeginOptions<T = unknown> extends EntryOptions<T>, ReadOptions {}

/** Options of `fill`: they take precedence over those of `begin`, and `tags` are added to them. */
export interface FillOptions<T = unknown> extends Omit<EntryOptions<T>, 'sourceLag'> {}

/** Options of `loader`: those of `getManyOrCompute` that are the same for every call. */
export interface LoaderOptions<T = unknown>
  extends Omit<ComputeManyOptions<T>, 'fresh' | 'after' | 'signal'> {
  /** Maximum keys of one call of the function. @defaultValue 1_000 */
  readonly maxBatchSize?: number | undefined
}

/** Options of `transaction` and `wrapWrite`. */
export interface TransactionOptions {
  /**
   * Whether a failure proves that nothing was committed; then nothing is invalidated. Any other failure counts as a commit:
   * COMMIT may have been carried out and its answer lost. An invalidation too many costs a miss, one too few leaves old data.
   *
   * @example
   * ```ts
   * await cache.transaction(work, { rolledBack: (error) => error instanceof TransactionRollbackError })
   * ```
   * @defaultValue no failure proves it
   */
  readonly rolledBack?: ((error: unknown) => boolean) | undefined
}

/** Options of all methods that invalidate. */
export interface InvalidateOptions {
  /** `'hard'`: the old value is never served again. `'soft'`: it may be served as stale while a new one is computed, or on error. @defaultValue 'hard' */
  readonly mode?: 'hard' | 'soft' | undefined
  /**
   * If the log cannot be reached: `'queue'` resolves with the outcome `queued`; `'throw'` rejects with LarderError
   * `INVALIDATION_QUEUED`. In both cases the invalidation is in force in this process and is repeated until it arrives.
   * @defaultValue 'queue'
   */
  readonly ifUnavailable?: 'queue' | 'throw' | undefined
}

/** Options of `getManyOrCompute`: `tags`, `ttl` and `cacheIf` may also depend on the key. */
export interface ComputeManyOptions<T = unknown>
  extends Omit<ComputeOptions<T>, 'tags' | 'ttl' | 'cacheIf' | 'serveIf'> {
  /**
   * The tags of each value. A function is also called for a row that is missing, with `undefined` as its value; if it needs
   * the row, that key has no tags. @defaultValue []
   */
  readonly tags?: TagNames | ((value: T, key: string) => TagNames) | undefined
  /** How long each value is fresh. @defaultValue '1m' */
  readonly ttl?: Duration | ((value: T, key: string) => Duration) | undefined
  /** Whether to store a value at all. @defaultValue every value is stored */
  readonly cacheIf?: ((value: T, key: string) => boolean) | undefined
}

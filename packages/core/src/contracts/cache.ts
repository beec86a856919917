import type { Duration } from '../entry/duration'
import type { TagNames } from '../entry/tag-names'
import type {
  BeginOptions,
  Compute,
  ComputeManyOptions,
  ComputeOptions,
  EntryOptions,
  InvalidateOptions,
  LoaderOptions,
  ReadOptions,
  TransactionOptions,
  WrapOptions,
} from '../options'
import type { Beginning } from './beginning'
import type { CacheOperation } from './cache-operation'
import type { ComputeMissing } from './compute-missing'
import type { EventSource, Following } from './following'
import type { EntryView } from './inspection'
import type { Invalidated } from './invalidated'
import type { Transaction } from './transaction'
import type { Wrapped } from './wrapped'

/** A cache, or a namespace of one. `V` is the common type of its values. */
export interface Cache<V = unknown> extends CacheOperation<V>, AsyncDisposable {
  /** The name given to `createCache`. */
  readonly name: string
  /** `false` if the cache was created with `enabled: false`: then it stores nothing. */
  readonly enabled: boolean
  /** Whether the store keeps entries outside of this process, so that one that is not here may be there. */
  readonly hasSharedTier: boolean

  /**
   * The cached value if it is fresh. Use `has` to distinguish a cached `undefined` from a miss.
   *
   * @example
   * ```ts
   * const product = await cache.get<Product>('product:42')
   * ```
   */
  get<T extends V = V>(key: string, options?: ReadOptions): Promise<T | undefined>
  /** The values in the order of `keys`, in one round trip. */
  getMany<T extends V = V>(keys: readonly string[], options?: ReadOptions): Promise<(T | undefined)[]>
  /**
   * The value that `getOrCompute` would return at once, without a round trip or a promise: it is in this process, fresh,
   * and accepted by `serveIf`, which receives the cache's own value and must not change it. Counts as a hit. `undefined`
   * says nothing about the store.
   *
   * @example
   * ```ts
   * const product = cache.getLocal<Product>('product:42') ?? (await cache.getOrCompute('product:42', loadProduct))
   * ```
   */
  getLocal<T extends V = V>(key: string, serveIf?: (value: T) => boolean): T | undefined
  /** Whether a fresh value is cached. */
  has(key: string, options?: ReadOptions): Promise<boolean>
  /** The local entry in any state, without a round trip and without side effects. */
  peek<T extends V = V>(key: string): EntryView<T> | undefined
  /**
   * Stores a value and invalidates every older value of the key, in every process.
   *
   * @example
   * ```ts
   * await cache.set('product:42', product, { ttl: '5m', tags: ['product:42'] })
   * ```
   */
  set<T extends V = V>(key: string, value: T, options?: EntryOptions<T>): Promise<Invalidated>
  /** Like `set` for many entries, with the same options. */
  setMany<T extends V = V>(
    entries: Iterable<readonly [string, T]>,
    options?: EntryOptions<T>,
  ): Promise<Invalidated>
  /** Invalidates the key in every process; the result of a computation that has already started is not served either. */
  delete(key: string, options?: InvalidateOptions): Promise<Invalidated>
  /** Like `delete` for many keys. */
  deleteMany(keys: readonly string[], options?: InvalidateOptions): Promise<Invalidated>
  /** Invalidates every entry of this cache or namespace. */
  clear(options?: InvalidateOptions): Promise<Invalidated>
  /** Gives a fresh entry a new `ttl`, counted from now; value and tags stay. Returns whether there was such an entry. */
  touch(key: string, ttl: Duration): Promise<boolean>

  /**
   * The cached value, or the result of `compute`, which is then cached. Concurrent callers share one computation.
   *
   * @example
   * ```ts
   * const product = await cache.getOrCompute('product:42', () => loadProduct(42), { ttl: '5m', tags: ['product:42'] })
   * ```
   * @throws the error of `compute`, untouched; LarderError `COMPUTE_TIMEOUT` at the hard timeout.
   */
  getOrCompute<T extends V = V, P = T>(
    key: string,
    compute: Compute<T, P>,
    options?: ComputeOptions<NoInfer<T>>,
  ): Promise<T>
  /**
   * Like `getOrCompute` for many keys: one lookup, and one call of `computeMissing` with all missing keys. The value of a row
   * that the source does not have is `undefined`; it is cached only for `negativeTtl`, if that is set.
   *
   * @example
   * ```ts
   * const users = await cache.getManyOrCompute(ids, async (missing) => {
   *   const rows = await db.users(missing)
   *   return new Map(rows.map((row) => [row.id, row]))
   * })
   * ```
   * @throws the error of `computeMissing`, untouched; LarderError `COMPUTE_FAILED` if its result fits no keys.
   */
  getManyOrCompute<T extends V = V>(
    keys: readonly string[],
    computeMissing: ComputeMissing<T>,
    options?: ComputeManyOptions<NoInfer<T>>,
  ): Promise<(T | undefined)[]>
  /**
   * A function of one key that collects the keys asked for in one tick of the event loop, and reads them like
   * `getManyOrCompute`: one call of `loadMany` for those that are missing (DataLoader's schedule). It solves the N+1 problem,
   * and unlike a DataLoader it may live as long as the process. Keys are those of the cache: use a namespace per kind. Each
   * computation and each transaction batches by itself. The value of a row that the source does not have is `undefined`.
   *
   * @example
   * ```ts
   * const user = cache.namespace('users').loader((ids) => db.usersByIds(ids), { ttl: '5m' })
   * const authors = await Promise.all(posts.map((post) => user(post.authorId)))
   * ```
   * @throws the error of `loadMany`, untouched, to the callers whose keys it was called for.
   */
  loader<T extends V = V>(
    loadMany: ComputeMissing<T>,
    options?: LoaderOptions<NoInfer<T>>,
  ): (key: string) => Promise<T | undefined>
  /**
   * A function that caches the results of `fn` by its arguments.
   *
   * @example
   * ```ts
   * const product = cache.wrap(loadProduct, { ttl: '5m', tags: ([id]) => [`product:${id}`] })
   * await product(42)
   * ```
   */
  wrap<F extends (...args: never[]) => unknown>(
    fn: F,
    options?: WrapOptions<Parameters<F>, Awaited<ReturnType<F>>>,
  ): Wrapped<F>
  /**
   * `getOrCompute` for code that cannot hand over a function, such as an adapter with a `get` and a `set` of its own: a fresh
   * cached value, or a place to be filled with the value that the caller computes. The place remembers the log position of
   * this call, so an invalidation before the fill keeps the old value out of the cache; `set` could not know of it. Callers
   * do not share a computation. Inside a transaction there is never a hit, and nothing is stored.
   *
   * @example
   * ```ts
   * const beginning = await cache.begin<Product>('product:42', { tags: ['product:42'] })
   * if (beginning.hit) return beginning.value
   * const product = await loadProduct(42)
   * beginning.fill(product, { ttl: '5m' })
   * return product
   * ```
   */
  begin<T extends V = V>(key: string, options?: BeginOptions<NoInfer<T>>): Promise<Beginning<T>>

  /**
   * Invalidates every entry that carries one of the tags or a descendant of one. The cost does not depend on how many
   * entries that are.
   *
   * @example
   * ```ts
   * await cache.invalidate(['product:42', 'catalogue'])
   * ```
   */
  invalidate(...tags: string[]): Promise<Invalidated>
  invalidate(tags: TagNames, options?: InvalidateOptions): Promise<Invalidated>
  /**
   * A function that calls `fn` and then invalidates `tags`, also if the call rejects: the write may have been carried out
   * before it failed. `result` is undefined then.
   */
  wrapWrite<F extends (...args: never[]) => unknown>(
    fn: F,
    tags: (args: Parameters<F>, result: Awaited<ReturnType<F>> | undefined) => TagNames,
    options?: TransactionOptions,
  ): (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>
  /** Invalidates for each item of an async iterable. */
  follow<E>(source: AsyncIterable<E>, tags: (event: E) => TagNames): Following
  /** Invalidates for each event of an emitter. */
  follow<E>(source: EventSource<E>, tags: (event: E) => TagNames, event: string): Following
  /**
   * Runs a database transaction. Invalidations, writes and links made inside take effect once `work` has resolved; reads
   * inside go to the source and are not cached. If `work` rejects, its invalidations take effect too, unless `rolledBack`
   * says that nothing was committed; values that were `set` are not stored. In a transaction inside another one, all of
   * this waits for the outer one. Work that goes on after the end, in a timer for example, is outside.
   *
   * @example
   * ```ts
   * await cache.transaction(() =>
   *   database.transaction(async (tx) => {
   *     await tx.rename(42, 'Ada')
   *     await cache.invalidate('user:42')
   *   }),
   * )
   * ```
   * @throws the error of `work`, untouched; LarderError `CACHE_CLOSED` if the cache was closed before the commit.
   */
  transaction<T>(work: () => T | PromiseLike<T>, options?: TransactionOptions): Promise<T>
  /** Opens a transaction whose end the caller reports. One that never ends keeps its invalidations back for ever. */
  beginTransaction(): Transaction
  /**
   * Runs `work` once the transaction around the call has committed, such as sending a message about it. Outside a
   * transaction it runs at once. It does not run if the transaction fails. A failure of deferred work is an `error` event.
   */
  afterCommit(work: () => unknown): Promise<void>
  /** From now on and in every process, invalidating `parent` also invalidates `child`. */
  link(child: string, parent: string): Promise<Invalidated>
  /** Ends what `link` began. */
  unlink(child: string, parent: string): Promise<Invalidated>
  /** The links made with `link`; parents that follow from the segments of a tag are not listed. */
  graph(): readonly { readonly child: string; readonly parent: string }[]
  /** Runs `work` without recording its reads as dependencies of the surrounding computation. */
  untracked<T>(work: () => T): T

  /**
   * A part of this cache with its own keys. Tags are shared with the whole cache.
   *
   * @example
   * ```ts
   * const carts = cache.namespace<Cart>('carts')
   * ```
   */
  namespace<W extends V = V>(name: string): Cache<W>
  /**
   * This cache, with counts of its own: what the returned cache reads and writes by key counts as the function `name` in
   * `stats().functions`, in events, spans and metrics. Call it where the function is defined, and not at each read. `wrap`
   * counts by the name of the wrapped function, without this.
   *
   * @example
   * ```ts
   * const searches = cache.countAs('searchProducts')
   * const search = (text: string) => searches.getOrCompute(`search:${text}`, () => db.search(text))
   * ```
   * @throws LarderError `BAD_ARGUMENT` for anything but a text.
   */
  countAs<W extends V = V>(name: string): Cache<W>
  /** Stops timers and subscriptions, waits for pending writes and invalidations, and closes the store. */
  close(): Promise<void>
}

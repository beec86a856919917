import type { Duration } from '../entry/duration'
import type {
  BeginOptions,
  Compute,
  ComputeManyOptions,
  ComputeOptions,
  EntryOptions,
  InvalidateOptions,
  LoaderOptions,
  ReadOptions,
  WrapOptions,
} from '../options'
import type { Beginning } from './beginning'
import type { CacheInvalidation } from './cache-invalidation'
import type { CacheOperation } from './cache-operation'
import type { ComputeMissing } from './compute-missing'
import type { EntryView } from './inspection'
import type { Invalidated } from './invalidated'
import type { Wrapped } from './wrapped'

/** A cache, or a namespace of one. `V` is the common type of its values. */
export interface Cache<V = unknown> extends CacheInvalidation, CacheOperation<V>, AsyncDisposable {
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
  /**
   * The values in the order of `keys`, in one round trip.
   *
   * @example
   * ```ts
   * const [table, chair] = await cache.getMany<Product>(['product:1', 'product:2'])
   * ```
   */
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
  /**
   * The local entry in any state, without a round trip and without side effects.
   *
   * @example
   * ```ts
   * const state = cache.peek('product:42')?.state // 'fresh', for example
   * ```
   */
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
  /**
   * Like `set` for many entries, with the same options.
   *
   * @example
   * ```ts
   * await cache.setMany(products.map((product) => [`product:${product.id}`, product]), { ttl: '5m' })
   * ```
   */
  setMany<T extends V = V>(
    entries: Iterable<readonly [string, T]>,
    options?: EntryOptions<T>,
  ): Promise<Invalidated>
  /**
   * Invalidates the key in every process; the result of a computation that has already started is not served either.
   *
   * @example
   * ```ts
   * await cache.delete('product:42')
   * ```
   */
  delete(key: string, options?: InvalidateOptions): Promise<Invalidated>
  /** Like `delete` for many keys. */
  deleteMany(keys: readonly string[], options?: InvalidateOptions): Promise<Invalidated>
  /**
   * Invalidates every entry of this cache or namespace.
   *
   * @example
   * ```ts
   * await cache.namespace('carts').clear()
   * ```
   */
  clear(options?: InvalidateOptions): Promise<Invalidated>
  /**
   * Gives a fresh entry a new `ttl`, counted from now; value and tags stay. Returns whether there was such an entry.
   *
   * @example
   * ```ts
   * if (!(await cache.touch('draft:7', '30m'))) await cache.set('draft:7', draft, { ttl: '30m' })
   * ```
   */
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
   * Runs `work` without recording its reads as dependencies of the surrounding computation.
   *
   * @example
   * ```ts
   * const page = cache.wrap(async (id: number) => render(id, await cache.untracked(() => banner())), { name: 'page' })
   * ```
   */
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
  /**
   * Stops timers and subscriptions, waits for pending writes and invalidations, and closes the store.
   *
   * @example
   * ```ts
   * process.once('SIGTERM', () => server.close(() => void cache.close()))
   * ```
   */
  close(): Promise<void>
}

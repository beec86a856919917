import type { Duration } from '../entry/duration'
import type {
  Compute,
  ComputeManyOptions,
  ComputeOptions,
  EntryOptions,
  InvalidateOptions,
  ReadOptions,
  WrapOptions,
} from '../options'
import type { CacheEventName, CacheEvents } from './events'
import type { EntryView, Explanation, KeyPage, KeysOptions } from './inspection'
import type { AuditOptions, AuditReport, WarmOptions, WarmReport, WarmTask } from './operation'
import type { CacheStats } from './stats'

/** What became of an invalidation. */
export interface Invalidated {
  /**
   * `applied`: on record, and bound to reach every process within `maxStaleness`. `queued`: in force in this
   * process; the others hear of it when the store is back.
   */
  readonly outcome: 'applied' | 'queued'
  /** For `{ after: token }` in another process. Undefined while queued. */
  readonly token: string | undefined
}

/** A function that caches what it returns, with the same signature. */
export type Wrapped<F extends (...args: never[]) => unknown> = ((
  this: ThisParameterType<F>,
  ...args: Parameters<F>
) => Promise<Awaited<ReturnType<F>>>) & {
  /** Ends what is cached for these arguments. */
  invalidate(...args: Parameters<F>): Promise<Invalidated>
  /** Computes anew, whatever is cached, and stores the result. */
  refresh(this: ThisParameterType<F>, ...args: Parameters<F>): Promise<Awaited<ReturnType<F>>>
  /** What this process has at hand for these arguments, without any effect. */
  peek(...args: Parameters<F>): EntryView<Awaited<ReturnType<F>>> | undefined
  /** The key of a call with these arguments. */
  keyOf(...args: Parameters<F>): string
}

/** Ends a subscription. */
export interface Following {
  stop(): void
  /** Settles when the source ends, or was stopped. Never rejects. */
  readonly done: Promise<void>
}

/** The part of an `EventEmitter` that `follow` needs. */
export interface EventSource<E> {
  on(event: string, listener: (event: E) => void): unknown
  off(event: string, listener: (event: E) => void): unknown
}

/** A cache, or a namespace of one. `V` is the type of its values where all are alike. */
export interface Cache<V = unknown> extends AsyncDisposable {
  readonly name: string
  /** Whether it keeps anything: not where it was made with `enabled: false`. */
  readonly enabled: boolean

  /** The value if a fresh one is cached. To tell a cached `undefined` from nothing, use `has`. */
  get<T extends V = V>(key: string, options?: ReadOptions): Promise<T | undefined>
  /** Values in the order of the keys, in one round trip. */
  getMany<T extends V = V>(keys: readonly string[], options?: ReadOptions): Promise<(T | undefined)[]>
  /** Whether a fresh value is cached. */
  has(key: string, options?: ReadOptions): Promise<boolean>
  /** What this process has at hand, in whatever state, without a round trip and without any effect. */
  peek<T extends V = V>(key: string): EntryView<T> | undefined
  /** Stores a value and ends every older one of the key, everywhere. */
  set<T extends V = V>(key: string, value: T, options?: EntryOptions<T>): Promise<Invalidated>
  setMany<T extends V = V>(
    entries: Iterable<readonly [string, T]>,
    options?: EntryOptions<T>,
  ): Promise<Invalidated>
  /** Ends the key's value everywhere, and every computation of it that has already started. */
  delete(key: string, options?: InvalidateOptions): Promise<Invalidated>
  deleteMany(keys: readonly string[], options?: InvalidateOptions): Promise<Invalidated>
  /** Ends everything in this cache or namespace. */
  clear(options?: InvalidateOptions): Promise<Invalidated>
  /** Gives a cached value a new `ttl` from now; the value and what it depends on stay. Returns whether there was one. */
  touch(key: string, ttl: Duration): Promise<boolean>

  /**
   * The cached value, or what `compute` returns, which is then cached. Callers at the same time share one computation.
   * @throws what `compute` throws, untouched; LarderError `COMPUTE_TIMEOUT` at the hard timeout.
   */
  getOrCompute<T extends V = V, P = T>(
    key: string,
    compute: Compute<T, P>,
    options?: ComputeOptions<NoInfer<T>>,
  ): Promise<T>
  /** The same for many keys: one look-up, and one call of `computeMissing` for all that are missing. */
  getManyOrCompute<T extends V = V>(
    keys: readonly string[],
    computeMissing: ComputeMissing<T>,
    options?: ComputeManyOptions<NoInfer<T>>,
  ): Promise<T[]>
  /** A function that caches what `fn` returns. */
  wrap<F extends (...args: never[]) => unknown>(
    fn: F,
    options?: WrapOptions<Parameters<F>, Awaited<ReturnType<F>>>,
  ): Wrapped<F>

  /** Ends every entry that carries one of the tags, or a tag below one of them. Costs the same however many there are. */
  invalidate(tags: string | readonly string[], options?: InvalidateOptions): Promise<Invalidated>
  /** A function that invalidates after each successful call. */
  wrapWrite<F extends (...args: never[]) => unknown>(
    fn: F,
    tags: (args: Parameters<F>, result: Awaited<ReturnType<F>>) => string | readonly string[],
  ): (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>
  /** Invalidates for each item of an async iterable. */
  follow<E>(source: AsyncIterable<E>, tags: (event: E) => string | readonly string[]): Following
  /** Invalidates for each event of an emitter. */
  follow<E>(source: EventSource<E>, tags: (event: E) => string | readonly string[], event: string): Following
  /**
   * Runs a database transaction: what is invalidated or linked inside takes effect once `work` has resolved, and not at all
   * if it rejects; what is read inside comes from the source and is not cached.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Whatever invalidates `parent` invalidates `child`, from now on and in every process. */
  link(child: string, parent: string): Promise<Invalidated>
  unlink(child: string, parent: string): Promise<Invalidated>
  /** The links between tags, besides those that follow from the tags' own segments. */
  graph(): readonly { readonly child: string; readonly parent: string }[]
  /** Runs `work` so that what it reads is no dependency of the computation around it. */
  untracked<T>(work: () => T): T

  /** A part of this cache with keys of its own. Tags are shared. */
  namespace<W extends V = V>(name: string): Cache<W>
  /** Why the key is a hit, stale, or a miss. Looks everywhere and changes nothing. */
  explain(key: string): Promise<Explanation>
  /** Keys in this cache or namespace, a page at a time; those of what may not be served any more among them. */
  keys(options?: KeysOptions): Promise<KeyPage>
  /** Runs tasks that fill the cache, some at a time. Rejects for no failure of a task. */
  warm(tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>, options?: WarmOptions): Promise<WarmReport>
  /**
   * Compares entries of this cache or namespace, drawn by lot, with the source of their values: what differs twice, with
   * `maxStaleness` between, was cached and not invalidated. Slow enough by default for any source.
   */
  audit(options: AuditOptions<V>): Promise<AuditReport>
  /** Removes what can never be served again. Returns how many entries that were. Needs no calling; it frees memory early. */
  sweep(): Promise<number>
  stats(): CacheStats
  on<N extends CacheEventName>(event: N, listener: (event: CacheEvents[N]) => unknown): () => void
  /** Ends everything the cache has started. */
  close(): Promise<void>
}

/** Computes the values of the keys that are missing: an array in their order, or a map by key. */
export type ComputeMissing<T> = (
  keys: string[],
  context: ComputeManyContext,
) => Promise<readonly T[] | ReadonlyMap<string, T>> | readonly T[] | ReadonlyMap<string, T>

/** What a computation of many values can say. */
export interface ComputeManyContext {
  /** Adds tags to the entry of one key. */
  tag(key: string, ...tags: string[]): void
  /** Sets how long the value of one key is fresh. */
  ttl(key: string, duration: Duration): void
  /** Returns the value of one key without storing it. */
  skip(key: string): void
  readonly signal: AbortSignal
}

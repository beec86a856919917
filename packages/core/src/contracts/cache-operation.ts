import type { CacheEventName, CacheEvents } from './events'
import type { Explanation, KeyPage, KeysOptions } from './inspection'
import type { AuditOptions, AuditReport, ReadyOptions, WarmOptions, WarmReport, WarmTask } from './operation'
import type { CacheStats } from './stats'

/** The part of a cache that observes and maintains it. */
export interface CacheOperation<V = unknown> {
  /**
   * Explains why the key is a hit, stale or a miss. Looks in every tier, without side effects.
   *
   * @example
   * ```ts
   * console.log((await cache.explain('product:42')).summary)
   * ```
   */
  explain(key: string): Promise<Explanation>
  /**
   * How long the entry of the key stays fresh, in ms; `Infinity` if nothing but an invalidation ends it, and undefined if no
   * tier holds a fresh one. Looks in every tier, without side effects.
   *
   * @example
   * ```ts
   * const remaining = await cache.ttlOf('product:42')
   * ```
   */
  ttlOf(key: string): Promise<number | undefined>
  /**
   * Keys in this cache or namespace, a page at a time. Includes keys of entries that are no longer servable, unless `live` is
   * set.
   *
   * @example
   * ```ts
   * const { keys, cursor } = await cache.keys({ pattern: 'product:*', live: true })
   * ```
   */
  keys(options?: KeysOptions): Promise<KeyPage>
  /**
   * Runs tasks that fill the cache, with limited concurrency. Failures of tasks are reported, not thrown.
   *
   * @example
   * ```ts
   * const { failed } = await cache.warm(ids.map((id) => () => loadProduct(id)), { concurrency: 8 })
   * ```
   */
  warm(tasks: Iterable<WarmTask> | AsyncIterable<WarmTask>, options?: WarmOptions): Promise<WarmReport>
  /**
   * Compares a random sample of entries with the source of their values. An entry that differs in two comparisons at least
   * `maxStaleness` apart is missing an invalidation. The default `rate` is gentle enough for any source.
   *
   * @example
   * ```ts
   * const { different } = await cache.audit({ source: (key) => db.loadProduct(key), pattern: 'product:*' })
   * ```
   */
  audit<T extends V = V>(options: AuditOptions<T>): Promise<AuditReport>
  /**
   * Removes entries that can never be served again, and returns their number. Optional: it only frees memory early.
   *
   * @example
   * ```ts
   * const removed = await cache.sweep()
   * ```
   */
  sweep(): Promise<number>
  /**
   * Everything counted since the cache was created, and its state now. In a namespace, the reads, computations and fills are
   * its own.
   *
   * @example
   * ```ts
   * const { hitRatio, computeTime } = cache.stats().functions.loadUser
   * ```
   */
  stats(): CacheStats
  /**
   * Resolves when the store has answered for the first time, so that a wrong address is found at start. Not needed
   * otherwise: a cache works at once. A cache in memory is ready at once.
   *
   * @example
   * ```ts
   * await cache.ready({ timeout: '5s' })
   * ```
   * @throws LarderError `STORE_TIMEOUT` if it did not answer in time.
   */
  ready(options?: ReadyOptions): Promise<void>
  /**
   * Calls `listener` for each event of this name. In a namespace, events with a key are those of its own keys. Returns a
   * function that unsubscribes.
   *
   * @example
   * ```ts
   * cache.on('error', ({ operation, error }) => logger.error({ operation, error }))
   * ```
   */
  on<N extends CacheEventName>(event: N, listener: (event: CacheEvents[N]) => unknown): () => void
  /**
   * Emits `warning`, for packages that extend the cache: a mistake in the application's configuration that fails no call.
   * Without a listener, the process emits the warning (`process.emitWarning`).
   */
  warn(message: string): void
}

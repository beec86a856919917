import type { TagNames } from '../entry/tag-names'
import type { InvalidateOptions, TransactionOptions } from '../options'
import type { EventSource, Following } from './following'
import type { Invalidated } from './invalidated'
import type { Transaction } from './transaction'

/** The part of a cache that invalidates by tags, links tags, and lets both wait for a commit. */
export interface CacheInvalidation {
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
   *
   * @example
   * ```ts
   * const rename = cache.wrapWrite(renameUser, ([id]) => `user:${id}`)
   * await rename(42, 'Ada')
   * ```
   */
  wrapWrite<F extends (...args: never[]) => unknown>(
    fn: F,
    tags: (args: Parameters<F>, result: Awaited<ReturnType<F>> | undefined) => TagNames,
    options?: TransactionOptions,
  ): (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>
  /**
   * Invalidates for each item of an async iterable, such as the messages of a change feed.
   *
   * @example
   * ```ts
   * const following = cache.follow(changes, ({ table, id }) => `${table}:${id}`)
   * process.on('SIGTERM', () => following.stop())
   * ```
   */
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
  /**
   * Opens a transaction whose end the caller reports. One that never ends keeps its invalidations back for ever.
   *
   * @example
   * ```ts
   * const transaction = cache.beginTransaction()
   * await transaction.run(() => saveOrder(client))
   * await client.query('COMMIT')
   * await transaction.commit()
   * ```
   */
  beginTransaction(): Transaction
  /**
   * Runs `work` once the transaction around the call has committed, such as sending a message about it. Outside a
   * transaction it runs at once. It does not run if the transaction fails. A failure of deferred work is an `error` event.
   *
   * @example
   * ```ts
   * await cache.afterCommit(() => queue.publish('user.renamed', { id: 42 }))
   * ```
   */
  afterCommit(work: () => unknown): Promise<void>
  /**
   * From now on and in every process, invalidating `parent` also invalidates `child`, but not the other way round.
   *
   * @example
   * ```ts
   * await cache.link('product:42', 'category:5')
   * await cache.invalidate('category:5') // also what depends on product 42
   * ```
   */
  link(child: string, parent: string): Promise<Invalidated>
  /**
   * Ends what `link` began, and invalidates `child`.
   *
   * @example
   * ```ts
   * await cache.unlink('product:42', 'category:5')
   * ```
   */
  unlink(child: string, parent: string): Promise<Invalidated>
  /**
   * The links made with `link`; parents that follow from the segments of a tag are not listed.
   *
   * @example
   * ```ts
   * for (const { child, parent } of cache.graph()) console.log(`${parent} invalidates ${child}`)
   * ```
   */
  graph(): readonly { readonly child: string; readonly parent: string }[]
}

/**
 * A database transaction whose beginning and end the application reports, for drivers that see BEGIN and COMMIT
 * themselves. The first of `commit`, `rollback` and `inDoubt` decides; later calls do nothing.
 *
 * @example
 * ```ts
 * const transaction = cache.beginTransaction()
 * try {
 *   await transaction.run(() => saveOrder(client))
 *   await client.query('COMMIT')
 *   await transaction.commit()
 * } catch (error) {
 *   // Without an answer to COMMIT, nobody knows whether it was carried out.
 *   await transaction.inDoubt()
 *   throw error
 * }
 * ```
 */
export interface Transaction {
  /** Runs `work` inside: its invalidations wait for the end, and its reads are not cached. */
  run<T>(work: () => T): T
  /** The database has committed: applies what was deferred. Rejects with the first failure of it. */
  commit(): Promise<void>
  /** The database has rolled back for certain: drops what was deferred. */
  rollback(): Promise<void>
  /** It is unknown whether the database has committed: applies every invalidation, and writes no value. */
  inDoubt(): Promise<void>
}

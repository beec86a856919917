/** The result of an invalidation. */
export interface Invalidated {
  /**
   * `applied`: recorded in the log, and in force in every process within `maxStaleness`. `queued`: in force in this
   * process; it reaches the others once the log is available again. `deferred`: it waits for the end of the transaction
   * around the call, and is in force nowhere until then.
   */
  readonly outcome: 'applied' | 'queued' | 'deferred'
  /** Pass it as `{ after: token }` to a read in another process. Undefined unless applied. */
  readonly token: string | undefined
}

/** A warm-up that runs in the background. */
export interface Warming<T> {
  /** Stops taking tasks. Tasks in progress run to their end. */
  stop(): void
  /**
   * Settles when the warm-up has ended, or was stopped and its last task has ended. It is safe to ignore: a rejection is
   * not reported as unhandled.
   */
  readonly done: Promise<T>
}

/** Keeps a rejection of the promise from being reported as unhandled. */
export function markHandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

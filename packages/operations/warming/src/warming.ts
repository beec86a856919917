/** Warming that goes on behind its caller's back. */
export interface Warming<T> {
  /** Takes no more tasks; those under way end by themselves. */
  stop(): void
  /** Settles when it has ended, or was stopped and its last task has ended. Nobody has to look at it. */
  readonly done: Promise<T>
}

/** Nobody has to wait for a promise that this was done with: its failure is no unhandled one. */
export function unwatched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/** A running subscription of `cache.follow`. */
export interface Following {
  /** Ends the subscription. */
  stop(): void
  /** Resolves when the source has ended or the subscription was stopped. Never rejects. */
  readonly done: Promise<void>
}

/** The part of an `EventEmitter` that `cache.follow` uses. */
export interface EventSource<E> {
  on(event: string, listener: (event: E) => void): unknown
  off(event: string, listener: (event: E) => void): unknown
}

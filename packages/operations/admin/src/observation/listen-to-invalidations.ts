import type { Cache, Invalidation } from '@larder/core'

/** An invalidation by any process. */
export interface ObservedInvalidation extends Invalidation {
  /** `here`: made by this process. `log`: by another one. */
  readonly from: 'here' | 'log'
  /** Time from the log to this process, in ms. */
  readonly delay?: number | undefined
  readonly outcome?: 'applied' | 'queued' | undefined
}

/** Calls `listener` once for each invalidation, until the returned function is called. */
export function listenToInvalidations(
  cache: Pick<Cache, 'on'>,
  listener: (invalidation: ObservedInvalidation) => void,
): () => void {
  const unsubscribers = [
    cache.on('invalidate', ({ scope, mode, names, outcome }) => {
      for (const name of names) listener({ from: 'here', scope, mode, name, outcome })
    }),
    cache.on('apply', ({ delay, invalidations }) => {
      for (const invalidation of invalidations) listener({ from: 'log', delay, ...invalidation })
    }),
  ]
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe()
  }
}

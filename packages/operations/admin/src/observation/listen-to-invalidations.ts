import type { Cache, Invalidation } from '@larder/core'

/** An invalidation by any process. */
export interface ObservedInvalidation extends Invalidation {
  /** `here`: made by this process. `log`: by another one. */
  readonly from: 'here' | 'log'
  /** Time from the log to this process, in ms. */
  readonly delay?: number | undefined
  readonly outcome?: 'applied' | 'queued' | undefined
}

/** For so long, in ms, an invalidation that the log pushes may turn out to be this process's own. */
const ownershipDelay = 500

/**
 * Calls `listener` once for each invalidation, until the returned function is called. If the push of an invalidation overtakes
 * the log's answer to its call, it arrives as if another process had made it: pushes are held back until that is clear.
 */
export function listenToInvalidations(
  cache: Pick<Cache, 'on'>,
  listener: (invalidation: ObservedInvalidation) => void,
): () => void {
  const heldBack = new Map<string, { readonly cancel: () => void; readonly release: () => void }>()

  function holdBack(invalidation: ObservedInvalidation): void {
    const id = identityOf(invalidation)
    heldBack.get(id)?.release()
    const timer = setTimeout(release, ownershipDelay)
    timer.unref?.()

    function cancel(): void {
      clearTimeout(timer)
      heldBack.delete(id)
    }
    function release(): void {
      cancel()
      listener(invalidation)
    }
    heldBack.set(id, { cancel, release })
  }

  const unsubscribers = [
    cache.on('invalidate', ({ scope, mode, names, outcome }) => {
      for (const name of names) {
        heldBack.get(identityOf({ scope, mode, name }))?.cancel()
        listener({ from: 'here', scope, mode, name, outcome })
      }
    }),
    cache.on('apply', ({ delay, invalidations }) => {
      for (const invalidation of invalidations) holdBack({ from: 'log', delay, ...invalidation })
    }),
  ]
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe()
    for (const { cancel } of heldBack.values()) cancel()
  }
}

function identityOf({ scope, mode, name }: Invalidation): string {
  return `${scope} ${mode} ${name}`
}

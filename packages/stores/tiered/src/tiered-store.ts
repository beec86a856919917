import { LarderError, type OpenStore, type Store } from '@larder/core'
import { composeLocalTiers } from './local-tiers'

/**
 * Composes stores into one, ordered from near to far. A hit in a far tier fills the nearer tiers, for the rest of the
 * entry's freshness. The invalidation log and the leases are those of the farthest store that has a log, because all
 * processes share it.
 *
 * @example
 * ```ts
 * const store = tieredStore([memoryStore(), redisStore({ url: 'redis://127.0.0.1:6379' })])
 * ```
 * @throws LarderError `BAD_OPTION` for an empty list, or (when a cache opens it) for a memory store after a shared store.
 */
export function tieredStore(stores: readonly Store[]): Store {
  if (stores.length === 0) {
    throw new LarderError(
      'BAD_OPTION',
      'tieredStore needs at least one store: tieredStore([memoryStore(), redisStore({ url })]); got an empty list.',
    )
  }
  return {
    open(context) {
      const opened = stores.map((store) => store.open(context))
      requireNearToFar(opened)
      const authority = opened.findLast(({ log }) => log !== undefined)
      return {
        local: composeLocalTiers(opened.flatMap(({ local }) => local ?? [])),
        shared: opened.flatMap(({ shared }) => shared),
        log: authority?.log,
        leases: authority?.leases,
        close: () => closeAll(opened),
      }
    },
  }
}

/** Local tiers are always read before shared ones, so a memory store after a shared store would not be used as written. */
function requireNearToFar(opened: readonly OpenStore[]): void {
  const firstShared = opened.findIndex(({ shared }) => shared.length > 0)
  const lastLocal = opened.findLastIndex(({ local }) => local !== undefined)
  if (firstShared === -1 || lastLocal <= firstShared) return
  throw new LarderError(
    'BAD_OPTION',
    'tieredStore: stores must be ordered from near to far, such as [memoryStore(), redisStore({ url })]; got a memory store after a shared store.',
  )
}

/** Closes every store, even if one fails to close, and rejects with the first failure. */
async function closeAll(opened: readonly OpenStore[]): Promise<void> {
  const results = await Promise.allSettled(opened.map((store) => store.close()))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

import { describeValue, LarderError, type OpenStore, type SharedTier, type Store } from '@larder/core'
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
 * @throws LarderError `BAD_OPTION` for anything but a list of stores with at least one in it, or (when a cache opens it) for
 * a memory store after a shared store.
 */
export function tieredStore(stores: readonly Store[]): Store
export function tieredStore(stores: readonly Store[], ...unexpected: readonly unknown[]): Store {
  requireStores(stores)
  refuseOptions(unexpected)
  return {
    open(context) {
      const opened = stores.map((store) => store.open(context))
      requireNearToFar(opened)
      const authority = opened.findLast(({ log }) => log !== undefined)
      const shared: readonly SharedTier[] = opened.flatMap((store): readonly SharedTier[] =>
        store === authority ? store.shared : store.shared.map(toApartTier),
      )
      const parts = {
        local: composeLocalTiers(opened.flatMap(({ local }) => local ?? [])),
        leases: authority?.leases,
        servers: () => opened.flatMap(({ servers }) => servers?.() ?? []),
        close: () => closeAll(opened),
      }
      // Shared tiers without a log are not dropped here, but refused by the cache.
      return { ...parts, shared, log: authority?.log } as OpenStore
    },
  }
}

/** @throws LarderError `BAD_OPTION`, also for `[memoryStore(), process.env.REDIS_URL && redisStore(…)]` without the variable. */
function requireStores(stores: unknown): void {
  const example = 'tieredStore([memoryStore(), redisStore({ url })])'
  if (!Array.isArray(stores) || stores.length === 0)
    throw new LarderError(
      'BAD_OPTION',
      `tieredStore needs a list with at least one store: ${example}; got ${describeValue(stores)}.`,
    )
  const wrong = stores.findIndex((store) => typeof store?.open !== 'function')
  if (wrong === -1) return
  throw new LarderError(
    'BAD_OPTION',
    `tieredStore: each item of the list must be a store, as in ${example}; item ${wrong + 1} is ${describeValue(stores[wrong])}. Leave out a store that is not configured: [memory, ...(url ? [redisStore({ url })] : [])].`,
  )
}

/** @throws LarderError `BAD_OPTION`: how long and how much a tier keeps is said to its store. */
function refuseOptions([option]: readonly unknown[]): void {
  if (option === undefined) return
  throw new LarderError(
    'BAD_OPTION',
    `tieredStore takes the list of stores alone; got ${describeValue(option)} too. Give options to a store, as in tieredStore([memoryStore({ maxEntries: 10_000 }), redisStore({ url, maxTtl: '1d' })]).`,
  )
}

/** A tier on another server than the log: its entries can outlive records of the log. */
function toApartTier(tier: SharedTier): SharedTier {
  return { ...tier, isApartFromLog: true }
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

import { LarderError, type OpenStore, type Store } from '@larder/core'
import { composeLocal } from './local-tiers'

/**
 * Several stores as one, from near to far: `tieredStore([memoryStore(), redisStore({ url })])`. A hit below fills the
 * tiers above with what is left of its freshness. The log and the leases are those of the farthest store that has them:
 * the one that every process shares.
 * @throws LarderError `BAD_OPTION` for no stores, or (when a cache opens it) for one in memory behind one that is not.
 */
export function tieredStore(stores: readonly Store[]): Store {
  if (stores.length === 0) {
    throw new LarderError(
      'BAD_OPTION',
      'tieredStore needs stores: tieredStore([memoryStore(), redisStore({ url })]).',
    )
  }
  return {
    open(context) {
      const opened = stores.map((store) => store.open(context))
      checkOrder(opened)
      const authority = opened.findLast(({ log }) => log !== undefined)
      return {
        local: composeLocal(opened.flatMap(({ local }) => local ?? [])),
        shared: opened.flatMap(({ shared }) => shared),
        log: authority?.log,
        leases: authority?.leases,
        close: () => closeAll(opened),
      }
    },
  }
}

/** A tier in memory behind a shared one would never be asked. */
function checkOrder(opened: readonly OpenStore[]): void {
  const firstShared = opened.findIndex(({ shared }) => shared.length > 0)
  const lastLocal = opened.findLastIndex(({ local }) => local !== undefined)
  if (firstShared === -1 || lastLocal <= firstShared) return
  throw new LarderError(
    'BAD_OPTION',
    'tieredStore: a store in memory stands behind a shared one. Name the stores from near to far.',
  )
}

/** Every store is closed, even if one of them cannot be. */
async function closeAll(opened: readonly OpenStore[]): Promise<void> {
  const results = await Promise.allSettled(opened.map((store) => store.close()))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

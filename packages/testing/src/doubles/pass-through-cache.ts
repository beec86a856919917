import { type Cache, createCache, type Store } from '@larder/core'

const emptyStore: Store = { open: () => ({ shared: [], close: async () => undefined }) }

/**
 * A cache that stores nothing, for unit tests of code that caches: every read runs its function. Wrong calls are refused
 * as they are by any cache, and no server, timer or connection is needed.
 *
 * @example
 * ```ts
 * const users = new UserService(passThroughCache(), database)
 * ```
 */
export function passThroughCache(): Cache {
  return createCache({ name: 'pass-through', store: emptyStore, enabled: false })
}

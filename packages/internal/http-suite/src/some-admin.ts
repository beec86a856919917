import { type AdminHandler, adminHandler } from '@larder/admin'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'

/** The admin handler of a cache whose keys are hard to write in a path. */
export async function someAdmin(): Promise<AdminHandler> {
  const cache = createCache({ name: 'shop', store: memoryStore() })
  for (const key of ['a/b', 'a b?c#d', 'ä%20']) await cache.set(key, 1)
  return adminHandler({ caches: cache, authorize: () => true })
}

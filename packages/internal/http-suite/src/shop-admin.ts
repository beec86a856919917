import { type AdminHandler, adminHandler } from '@larder/admin'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'

/** Keys that need encoding in a path. */
export const awkwardKeys = ['a/b', 'a b?c#d', 'ä%20']

/** The admin handler, without authorization, of a cache named `shop` that contains the awkward keys. */
export async function createShopAdmin(): Promise<AdminHandler> {
  const cache = createCache({ name: 'shop', store: memoryStore() })
  for (const key of awkwardKeys) await cache.set(key, 1)
  return adminHandler({ caches: cache, authorize: () => true })
}

import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'

/** A cache with a memory store only. */
export function memoryCache() {
  return createCache({ name: 'test', store: memoryStore() })
}

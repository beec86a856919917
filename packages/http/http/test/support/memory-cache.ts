import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'

/** A cache of one process. */
export function memoryCache() {
  return createCache({ name: 'test', store: memoryStore() })
}

import type { LocalEntry } from '@larder/core'
import { LRUCache } from 'lru-cache'
import type { CreateEvictionPolicy, EvictionPolicy, EvictionPolicyOptions } from './eviction-policy'

/**
 * Evicts the least recently used entry. Built on lru-cache, which is installed beside `@larder/memory` for it.
 *
 * @example
 * ```ts
 * const cache = createCache({ name: 'feed', store: memoryStore({ eviction: lru() }) })
 * ```
 */
export function lru(): CreateEvictionPolicy {
  return createLruPolicy
}

function createLruPolicy({ maxEntries, maxBytes, onEvict }: EvictionPolicyOptions): EvictionPolicy {
  const entries = new LRUCache<string, LocalEntry>({
    max: maxEntries,
    maxSize: maxBytes,
    // Not `dispose`, which runs during the eviction: the callback may use the cache, and must find it consistent.
    disposeAfter: (_, key, reason) => {
      if (reason === 'evict') onEvict(key)
    },
  })
  return {
    get: (key) => entries.get(key),
    peek: (key) => entries.peek(key),
    set: (entry, size) => void entries.set(entry.key, entry, { size }),
    delete: (key) => void entries.delete(key),
    entryCount: () => entries.size,
    byteCount: () => entries.calculatedSize,
    entries: () => entries.values(),
  }
}

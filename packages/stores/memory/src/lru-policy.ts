import type { LocalEntry } from '@larder/core'
import { LRUCache } from 'lru-cache'
import type { EvictionPolicy, EvictionPolicyOptions } from './eviction-policy'

/** Evicts the least recently used entry. Built on lru-cache. */
export function createLruPolicy({ maxEntries, maxBytes, onEvict }: EvictionPolicyOptions): EvictionPolicy {
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

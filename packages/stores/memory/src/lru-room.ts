import type { LocalEntry } from '@larder/core'
import { LRUCache } from 'lru-cache'
import type { Room, RoomOptions } from './room'

/** Removes what was not used for longest. On lru-cache. */
export function createLruRoom({ maxEntries, maxBytes, evicted }: RoomOptions): Room {
  const entries = new LRUCache<string, LocalEntry>({
    max: maxEntries,
    maxSize: maxBytes,
    // After, not while: a listener may come back at once, and must find all in order.
    disposeAfter: (_, key, reason) => {
      if (reason === 'evict') evicted(key)
    },
  })
  return {
    get: (key) => entries.get(key),
    peek: (key) => entries.peek(key),
    set: (entry, size) => void entries.set(entry.key, entry, { size }),
    delete: (key) => void entries.delete(key),
    count: () => entries.size,
    bytes: () => entries.calculatedSize,
    entries: () => entries.values(),
  }
}

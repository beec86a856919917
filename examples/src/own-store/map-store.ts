import type { LocalEntry, LocalTier, Store } from '@larder/core'

/** Estimated size of an entry; a real store measures its values. */
const bytesPerEntry = 1_000

/** Keeps up to `maxEntries` entries in a `Map` of this process and evicts the least recently used one. */
export function mapStore(maxEntries = 1_000): Store {
  return {
    open: ({ evicted }) => ({
      local: openTier(maxEntries, evicted),
      shared: [],
      close: async () => undefined,
    }),
  }
}

function openTier(maxEntries: number, evicted: (key: string) => void): LocalTier {
  // A Map iterates in the order of insertion: the first key is the least recently used one.
  const entries = new Map<string, LocalEntry>()

  function putLast(entry: LocalEntry): void {
    entries.delete(entry.key)
    entries.set(entry.key, entry)
  }

  return {
    name: 'map',
    maxTtl: Number.POSITIVE_INFINITY,
    get(key) {
      const entry = entries.get(key)
      if (entry !== undefined) putLast(entry)
      return entry
    },
    peek: (key) => entries.get(key),
    set(entry) {
      putLast(entry)
      const [oldest] = entries.keys()
      if (entries.size <= maxEntries || oldest === undefined) return
      entries.delete(oldest)
      evicted(oldest)
    },
    delete: (key) => void entries.delete(key),
    usage: () => ({
      entries: entries.size,
      maxEntries,
      bytes: entries.size * bytesPerEntry,
      maxBytes: maxEntries * bytesPerEntry,
    }),
    entries: () => entries.values(),
  }
}

import type { LocalTier, Store } from '../../src/contracts/store'
import type { LocalEntry } from '../../src/entry/entry'

/** A local tier on a Map. */
export function mapTier(maxTtl = Number.POSITIVE_INFINITY): LocalTier {
  const entries = new Map<string, LocalEntry>()
  return {
    name: 'map',
    maxTtl,
    get: (key) => entries.get(key),
    peek: (key) => entries.get(key),
    set: (entry) => void entries.set(entry.key, entry),
    delete: (key) => void entries.delete(key),
    usage: () => ({ entries: entries.size, maxEntries: 1_000, bytes: entries.size * 100, maxBytes: 100_000 }),
    entries: () => entries.values(),
  }
}

/** A store in memory for tests of the core. */
export function mapStore(maxTtl?: number): Store {
  return { open: () => ({ local: mapTier(maxTtl), shared: [], close: async () => undefined }) }
}

import type { LocalEntry, LocalTier } from '@larder/core'

/**
 * Composes local tiers, ordered from near to far, into one. A hit in a far tier is copied to the nearer ones. Undefined
 * if there are none.
 */
export function composeLocalTiers(tiers: readonly LocalTier[]): LocalTier | undefined {
  const [near, ...rest] = tiers
  const far = near && composeLocalTiers(rest)
  return near && far ? pairTiers(near, far) : near
}

function pairTiers(near: LocalTier, far: LocalTier): LocalTier {
  return {
    name: near.name,
    maxTtl: Math.max(near.maxTtl, far.maxTtl),
    get(key) {
      const nearEntry = near.get(key)
      if (nearEntry !== undefined) return nearEntry
      const farEntry = far.get(key)
      if (farEntry !== undefined) near.set(farEntry)
      return farEntry
    },
    peek: (key) => near.peek(key) ?? far.peek(key),
    set(entry) {
      near.set(entry)
      far.set(entry)
    },
    delete(key) {
      near.delete(key)
      far.delete(key)
    },
    usage() {
      const [a, b] = [near.usage(), far.usage()]
      return {
        entries: a.entries + b.entries,
        maxEntries: a.maxEntries + b.maxEntries,
        bytes: a.bytes + b.bytes,
        maxBytes: a.maxBytes + b.maxBytes,
      }
    },
    entries() {
      const entriesByKey = new Map<string, LocalEntry>()
      for (const entry of [...far.entries(), ...near.entries()]) entriesByKey.set(entry.key, entry)
      return entriesByKey.values()
    },
  }
}

import type { LocalEntry, LocalTier } from '@larder/core'

/** Tiers in memory as one, from near to far: what is found farther away is kept nearer as well. */
export function composeLocal(tiers: readonly LocalTier[]): LocalTier | undefined {
  const [first, ...rest] = tiers
  const far = first && composeLocal(rest)
  return first && far ? pair(first, far) : first
}

function pair(near: LocalTier, far: LocalTier): LocalTier {
  return {
    name: near.name,
    maxTtl: Math.max(near.maxTtl, far.maxTtl),
    get(key) {
      const found = near.get(key)
      if (found !== undefined) return found
      const behind = far.get(key)
      if (behind !== undefined) near.set(behind)
      return behind
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
      const all = new Map<string, LocalEntry>()
      for (const entry of [...far.entries(), ...near.entries()]) all.set(entry.key, entry)
      return all.values()
    },
  }
}

/** How long a resource counts as one that is not stored, in ms. */
const passFor = 10_000

/** Resources remembered at most. */
const capacity = 10_000

/**
 * Resources whose last response was not stored: requests for them do not wait for each other. Known as "hit-for-pass".
 */
export function createPasses(now: () => number) {
  const until = new Map<string, number>()

  return {
    has(key: string): boolean {
      // Spares most applications the hash of each key.
      const end = until.size === 0 ? undefined : until.get(key)
      if (end === undefined) return false
      if (end > now()) return true
      until.delete(key)
      return false
    },
    add(key: string): void {
      until.delete(key)
      const [oldest] = until.size >= capacity ? until.keys() : []
      if (oldest !== undefined) until.delete(oldest)
      until.set(key, now() + passFor)
    },
    remove: (key: string) => void until.delete(key),
  }
}

export type Passes = ReturnType<typeof createPasses>

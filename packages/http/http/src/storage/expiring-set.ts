/** The settings of {@link createExpiringSet}. */
interface ExpiringSetOptions {
  /** How long a key stays, in ms. */
  readonly duration: number
  /** The most keys; beyond it the oldest is dropped. */
  readonly capacity: number
  now(): number
}

/** A bounded set of keys, each of which expires. */
export function createExpiringSet({ duration, capacity, now }: ExpiringSetOptions) {
  const expiries = new Map<string, number>()

  return {
    has(key: string): boolean {
      // Most applications have an empty set, and then need no hash of the key.
      const expiresAt = expiries.size === 0 ? undefined : expiries.get(key)
      if (expiresAt === undefined) return false
      if (expiresAt > now()) return true
      expiries.delete(key)
      return false
    },
    add(key: string): void {
      expiries.delete(key)
      const [oldest] = expiries.size >= capacity ? expiries.keys() : []
      if (oldest !== undefined) expiries.delete(oldest)
      expiries.set(key, now() + duration)
    },
    delete: (key: string) => void expiries.delete(key),
  }
}

export type ExpiringSet = ReturnType<typeof createExpiringSet>

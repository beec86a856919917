import type { Clock } from '../contracts/clock'

/** A set of keys, each of which expires. Bounded: adding a key beyond `capacity` removes the one that was added first. */
export function createExpiringSet(clock: Pick<Clock, 'monotonic'>, capacity: number) {
  const expiryByKey = new Map<string, number>()

  return {
    /** Adds the key for `duration` ms, counted from now. */
    add(key: string, duration: number): void {
      expiryByKey.delete(key)
      if (duration <= 0) return
      expiryByKey.set(key, clock.monotonic() + duration)
      if (expiryByKey.size <= capacity) return
      const oldest = expiryByKey.keys().next()
      if (!oldest.done) expiryByKey.delete(oldest.value)
    },
    has(key: string): boolean {
      // The set is usually empty: then the key is not even hashed.
      const expiry = expiryByKey.size === 0 ? undefined : expiryByKey.get(key)
      if (expiry === undefined) return false
      if (clock.monotonic() < expiry) return true
      expiryByKey.delete(key)
      return false
    },
    delete: (key: string) => expiryByKey.delete(key),
  }
}

export type ExpiringSet = ReturnType<typeof createExpiringSet>

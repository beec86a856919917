import type { Clock } from '../contracts/clock'

/** Remembers of keys that something holds for a while. Bounded: beyond `capacity` the oldest marks are forgotten. */
export function createExpiringSet(clock: Clock, capacity: number) {
  const until = new Map<string, number>()

  return {
    set(key: string, duration: number): void {
      until.delete(key)
      if (duration <= 0) return
      until.set(key, clock.monotonic() + duration)
      if (until.size <= capacity) return
      const oldest = until.keys().next()
      if (!oldest.done) until.delete(oldest.value)
    },
    has(key: string): boolean {
      const end = until.size === 0 ? undefined : until.get(key)
      if (end === undefined) return false
      if (clock.monotonic() < end) return true
      until.delete(key)
      return false
    },
    delete: (key: string) => until.delete(key),
  }
}

export type ExpiringSet = ReturnType<typeof createExpiringSet>

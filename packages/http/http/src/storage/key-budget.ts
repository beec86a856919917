/** The limits of {@link createKeyBudget}. */
interface KeyLimits {
  /** Responses per route. */
  readonly maxKeys: number
  /** Variants per resource. */
  readonly maxVariants: number
}

interface Slot {
  /** In ms since the epoch. */
  readonly expiresAt: number
  readonly primaryKey: string
}

/**
 * Bounds the number of stored responses per route and of variants per resource, so that invented queries or headers
 * cannot fill the store. Counts responses that this process stored and that have not expired.
 */
export function createKeyBudget({ maxKeys, maxVariants }: KeyLimits) {
  const routes = new Map<string, Map<string, Slot>>()
  const variants = new Map<string, number>()

  function releaseSlot(slots: Map<string, Slot>, key: string, { primaryKey }: Slot): void {
    slots.delete(key)
    const left = (variants.get(primaryKey) ?? 1) - 1
    if (left === 0) variants.delete(primaryKey)
    else variants.set(primaryKey, left)
  }

  /** Stops at the first slot in use: slots are in order of storing, which is nearly the order of expiry. */
  function releaseExpired(slots: Map<string, Slot>, now: number): void {
    for (const [key, slot] of slots) {
      if (slot.expiresAt > now) return
      releaseSlot(slots, key, slot)
    }
  }

  return {
    /** Takes a slot for `key` until `expiresAt`. False if the route or the resource has none left. */
    tryAcquire(route: string, primaryKey: string, key: string, expiresAt: number, now: number): boolean {
      const slots = routes.get(route) ?? new Map<string, Slot>()
      routes.set(route, slots)
      releaseExpired(slots, now)
      const known = slots.get(key)
      if (known !== undefined) releaseSlot(slots, key, known)
      if (slots.size >= maxKeys || (variants.get(primaryKey) ?? 0) >= maxVariants) return false
      slots.set(key, { expiresAt, primaryKey })
      variants.set(primaryKey, (variants.get(primaryKey) ?? 0) + 1)
      return true
    },
  }
}

export type KeyBudget = ReturnType<typeof createKeyBudget>

/** Options of {@link createKeyBudget}. */
interface KeyBudgetOptions {
  /** Responses per route. */
  readonly maxKeys: number
  /** Variants per resource. */
  readonly maxVariants: number
  /** Removes a stored response that has lost its place. */
  evict(key: string): void
}

interface Slot {
  /** In ms since the epoch. */
  readonly expiresAt: number
  readonly primaryKey: string
}

/**
 * Bounds the number of stored responses per route and of variants per resource, so that invented queries or headers
 * cannot fill the store. Beyond the bound the least recently used response is replaced: one that was invalidated is never
 * used again, so it is the first to go, and a page that is asked for survives any number of invented ones.
 */
export function createKeyBudget({ maxKeys, maxVariants, evict }: KeyBudgetOptions) {
  /** By route, then by key. Iterates from the least to the most recently used. */
  const routes = new Map<string, Map<string, Slot>>()
  /** Keys by primary key, in the same order. */
  const variants = new Map<string, Set<string>>()

  function release(slots: Map<string, Slot>, key: string): void {
    const slot = slots.get(key)
    if (slot === undefined) return
    slots.delete(key)
    const keys = variants.get(slot.primaryKey)
    keys?.delete(key)
    if (keys?.size === 0) variants.delete(slot.primaryKey)
  }

  function take(slots: Map<string, Slot>, key: string, slot: Slot): void {
    release(slots, key)
    slots.set(key, slot)
    const keys = variants.get(slot.primaryKey) ?? new Set()
    variants.set(slot.primaryKey, keys.add(key))
  }

  function replace(slots: Map<string, Slot>, key: string | undefined): void {
    if (key === undefined) return
    release(slots, key)
    evict(key)
  }

  /** Stops at the first slot in use: the others are more recent, and most of them expire later. */
  function releaseExpired(slots: Map<string, Slot>, now: number): void {
    for (const [key, { expiresAt }] of slots) {
      if (expiresAt > now) return
      release(slots, key)
    }
  }

  return {
    /** A response is stored under `key` until `expiresAt`. */
    add(route: string, primaryKey: string, key: string, expiresAt: number, now: number): void {
      const slots = routes.get(route) ?? new Map<string, Slot>()
      routes.set(route, slots)
      releaseExpired(slots, now)
      take(slots, key, { expiresAt, primaryKey })
      const keys = variants.get(primaryKey)
      if (keys !== undefined && keys.size > maxVariants) replace(slots, leastUsedVariant(keys, primaryKey))
      if (slots.size > maxKeys) replace(slots, slots.keys().next().value)
    },

    /** The response under `key` was used. Without effect while more than half of the places are free. */
    touch(route: string, primaryKey: string, key: string): void {
      const slots = routes.get(route)
      if (slots === undefined || !isScarce(slots, primaryKey, key)) return
      const slot = slots.get(key)
      if (slot !== undefined) take(slots, key, slot)
    },
  }

  function isScarce(slots: Map<string, Slot>, primaryKey: string, key: string): boolean {
    if (slots.size * 2 > maxKeys) return true
    return key !== primaryKey && (variants.get(primaryKey)?.size ?? 0) * 2 > maxVariants
  }
}

export type KeyBudget = ReturnType<typeof createKeyBudget>

/** The variant at the primary key stays: it names the fields by which the others are found. */
function leastUsedVariant(keys: ReadonlySet<string>, primaryKey: string): string | undefined {
  for (const key of keys) if (key !== primaryKey) return key
  return undefined
}

/** Options of {@link createKeyBudget}. */
interface KeyBudgetOptions {
  /** Responses per route. */
  readonly maxKeys: number
  /** Variants per resource. */
  readonly maxVariants: number
  /** Removes a stored response that has lost its place. */
  evict(key: string): void
  /** Whether the response under a key can never be served again, as far as this process knows. */
  hasEnded(key: string): boolean
}

/** A full budget looks at so many places, from the least recently used one, for one whose response has ended. */
const maxInspected = 32

/** A place is taken shortly before its response is in the store, in ms: until then it counts as stored. */
const storingTime = 1_000

/** Times in ms since the epoch. */
interface Slot {
  readonly takenAt: number
  readonly expiresAt: number
  readonly primaryKey: string
  /** Whether the response was used since it got this place. */
  isUsed: boolean
}

/**
 * Bounds the number of stored responses per route and of variants per resource, so that invented queries or headers
 * cannot fill the store. Beyond the bound a response that has ended gives up its place, because it was invalidated, evicted
 * or cleared; otherwise the least recently used one is replaced. So a page that is asked for survives any number of
 * invented ones.
 */
export function createKeyBudget({ maxKeys, maxVariants, evict, hasEnded }: KeyBudgetOptions) {
  /**
   * By route, then by key, in the order in which they got their places. A response that is used keeps its place until room is
   * made, and then gets another one (the second chance of CLOCK): a Map walks past all former places of a key for that.
   */
  const routes = new Map<string, Map<string, Slot>>()
  const { variants, take, release } = createPlaces()

  /** Frees one of the places, which are given from the oldest one on. */
  function makeRoom(slots: Map<string, Slot>, keys: Iterable<string>, now: number): void {
    let leastUsed: string | undefined
    let inspected = 0
    for (const key of keys) {
      const slot = slots.get(key)
      if (slot?.isUsed) {
        take(slots, key, { ...slot, isUsed: false })
        continue
      }
      leastUsed ??= key
      const isStored = (slot?.takenAt ?? now) + storingTime < now
      if (isStored && hasEnded(key)) {
        release(slots, key)
        return
      }
      inspected += 1
      if (inspected === maxInspected) break
    }
    if (leastUsed === undefined) return
    release(slots, leastUsed)
    evict(leastUsed)
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
      take(slots, key, { takenAt: now, expiresAt, primaryKey, isUsed: false })
      const keys = variants.get(primaryKey)
      if (keys !== undefined && keys.size > maxVariants) makeRoom(slots, laterVariants(keys, primaryKey), now)
      if (slots.size > maxKeys) makeRoom(slots, slots.keys(), now)
    },

    /** The response under `key` was used. */
    touch(route: string, key: string): void {
      const slot = routes.get(route)?.get(key)
      if (slot !== undefined) slot.isUsed = true
    },
  }
}

/** The places that responses have in their route, and with the other variants of their resource. */
function createPlaces() {
  /** Keys by primary key. Iterates from the least to the most recently used. */
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

  return { variants, take, release }
}

export type KeyBudget = ReturnType<typeof createKeyBudget>

/** The variant at the primary key stays: it names the fields by which the others are found. */
function* laterVariants(keys: ReadonlySet<string>, primaryKey: string): Iterable<string> {
  for (const key of keys) if (key !== primaryKey) yield key
}

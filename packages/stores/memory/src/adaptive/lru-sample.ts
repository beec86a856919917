import { createQueues, newcomers } from './queues'

/** Keys of the sample, where the room is large enough for them. */
const enoughKeys = 256
/** At most one key in eight is compared, and at least one in 64. */
const leastBits = 3
const mostBits = 6

/** How the room fared against LRU: accesses that one of the two alone would have found. */
export interface Comparison {
  readonly lruAlone: number
  readonly roomAlone: number
}

/**
 * Plays LRU on a sample of the keys, to compare with. It keeps as many of them as the room does: no sample is too small
 * or too large for its room. Waldspurger and others, Cache Modeling and Optimization using Miniature Simulations, ATC 2017.
 */
export function createLruSample(maxEntries: number) {
  const bits = Math.log2(maxEntries / enoughKeys)
  const mask = 2 ** Math.floor(Math.min(mostBits, Math.max(leastBits, bits))) - 1
  const slotOf = new Map<number, number>()
  const hashes: number[] = []
  const free: number[] = []
  const queue = createQueues()
  let lruAlone = 0
  let roomAlone = 0

  function removeLast(): void {
    const slot = queue.last(newcomers)
    queue.remove(slot, 1)
    slotOf.delete(hashes[slot] as number)
    free.push(slot)
  }

  function add(hash: number): void {
    const slot = free.pop() ?? hashes.length
    hashes[slot] = hash
    slotOf.set(hash, slot)
    queue.add(slot, newcomers, 1)
  }

  return {
    /** Whether accesses to a key are compared. */
    covers: (hash: number) => (hash & mask) === 0,

    /** One access: whether the room had the key, and how many sampled keys the room has. */
    access(hash: number, found: boolean, capacity: number): void {
      while (slotOf.size > capacity) removeLast()
      const slot = slotOf.get(hash)
      if (slot === undefined) {
        if (found) roomAlone += 1
        add(hash)
        return
      }
      if (!found) lruAlone += 1
      queue.remove(slot, 1)
      queue.add(slot, newcomers, 1)
    },

    /** The comparison since it was last taken. */
    take(): Comparison {
      const taken = { lruAlone, roomAlone }
      lruAlone = 0
      roomAlone = 0
      return taken
    },
  }
}

export type LruSample = ReturnType<typeof createLruSample>

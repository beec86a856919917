import type { EvictionPolicy } from './policy'

/** Zhang, Yang, Yue, Vigfusson, Rashmi: SIEVE is Simpler than LRU, NSDI 2024. */
export const sievePolicy: EvictionPolicy = (capacity) => {
  // SIEVE removes keys in the middle of the queue, so the queue is a doubly linked list in arrays.
  const slotOfKey = new Map<number, number>()
  const keys = new Int32Array(capacity)
  const newer = new Int32Array(capacity).fill(-1)
  const older = new Int32Array(capacity).fill(-1)
  const visited = new Uint8Array(capacity)
  let newest = -1
  let oldest = -1
  let hand = -1

  function evictOne(): number {
    let slot = hand === -1 ? oldest : hand
    while (visited[slot] === 1) {
      visited[slot] = 0
      slot = elementAt(newer, slot) === -1 ? oldest : elementAt(newer, slot)
    }
    hand = elementAt(newer, slot)
    slotOfKey.delete(elementAt(keys, slot))
    unlinkSlot(slot)
    return slot
  }
  function unlinkSlot(slot: number): void {
    const [before, after] = [elementAt(newer, slot), elementAt(older, slot)]
    if (before === -1) newest = after
    else older[before] = after
    if (after === -1) oldest = before
    else newer[after] = before
  }
  function insertKey(key: number, slot: number): void {
    keys[slot] = key
    visited[slot] = 0
    newer[slot] = -1
    older[slot] = newest
    if (newest === -1) oldest = slot
    else newer[newest] = slot
    newest = slot
    slotOfKey.set(key, slot)
  }
  return (key) => {
    const slot = slotOfKey.get(key)
    if (slot !== undefined) visited[slot] = 1
    else insertKey(key, slotOfKey.size < capacity ? slotOfKey.size : evictOne())
    return slot !== undefined
  }
}

function elementAt(array: Int32Array, index: number): number {
  return array[index] ?? -1
}

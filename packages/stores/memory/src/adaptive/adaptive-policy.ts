import type { LocalEntry } from '@larder/core'
import type { EvictionPolicy, EvictionPolicyOptions } from '../eviction-policy'
import { createAdmission } from './admission'
import { type Climber, createClimber } from './climber'
import { createEntryTable } from './entry-table'
import { hashKey } from './hash'
import { createLoadAdaptation } from './load-adaptation'
import { windowSegment } from './segment-lists'

interface AdaptivePolicyOptions extends EvictionPolicyOptions {
  readonly climber?: Climber | undefined
}

/**
 * W-TinyLFU with an adaptive window: Einziger, Friedman and Manes, TinyLFU: A Highly Efficient Cache Admission Policy, ACM
 * TOS 2017. Cached entries count their own uses; the sketch remembers the frequency of evicted ones.
 */
export function createAdaptivePolicy(options: AdaptivePolicyOptions): EvictionPolicy {
  const { maxEntries, random, onEvict, climber = createClimber() } = options
  const seed = Math.floor(random() * 2 ** 32)
  const table = createEntryTable(options)
  const { slotOf, slots, lists } = table
  const load = createLoadAdaptation({ climber, maxEntries, slots })
  let evictedKeys: string[] = []
  const { evictExcess } = createAdmission({ table, load, random, evictSlot })

  /** Removes an entry, remembers its frequency, and returns its key. */
  function removeSlot(slot: number): string {
    load.recordRemoval(slots.hashAt(slot), slots.frequencyAt(slot))
    return table.removeSlot(slot)
  }

  function evictSlot(slot: number): void {
    evictedKeys.push(removeSlot(slot))
  }

  function insertEntry(entry: LocalEntry, size: number): void {
    const hash = hashKey(entry.key, seed)
    table.insertEntry(entry, size, hash, load.recordInsertion(hash, slotOf.size) + 1)
  }

  /** Handles a use of a watched slot: the window is an LRU list, and sampled keys take part in the simulation. */
  function recordWatchedUse(slot: number): void {
    if (lists.segmentOf(slot) === windowSegment) {
      table.moveSlot(slot, windowSegment)
      slots.clearReference(slot)
    }
    load.recordAccess(slots.hashAt(slot), true)
  }

  /** Reports evicted keys, once all state is consistent: the callback may use the policy. */
  function reportEvictions(): void {
    if (evictedKeys.length === 0) return
    const keys = evictedKeys
    evictedKeys = []
    load.adaptAfterEviction(slotOf.size)
    for (const key of keys) onEvict(key)
  }

  return {
    get(key) {
      const slot = slotOf.get(key)
      if (slot === undefined) return undefined
      load.recordHit()
      if (slots.recordUse(slot)) recordWatchedUse(slot)
      return slots.entryAt(slot)
    },
    peek: table.peekEntry,
    set(entry, size) {
      const slot = slotOf.get(entry.key)
      if (slot === undefined) insertEntry(entry, size)
      else table.replaceEntry(slot, entry, size)
      evictExcess()
      reportEvictions()
    },
    delete(key) {
      const slot = slotOf.get(key)
      if (slot !== undefined) removeSlot(slot)
    },
    entryCount: () => slotOf.size,
    byteCount: table.byteCount,
    entries: table.listEntries,
  }
}

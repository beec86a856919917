import type { LocalEntry } from '@larder/core'
import type { EvictionPolicy, EvictionPolicyOptions } from '../eviction-policy'
import { createAdmission } from './admission'
import { type Climber, createClimber } from './climber'
import { createFrequencySketch } from './frequency-sketch'
import { hashKey } from './hash'
import { createLoadAdaptation } from './load-adaptation'
import { createLruSimulation } from './lru-simulation'
import { createSegmentLists, windowSegment } from './segment-lists'
import { createSlots } from './slots'

interface AdaptivePolicyOptions extends EvictionPolicyOptions {
  readonly climber?: Climber | undefined
}

/**
 * W-TinyLFU with an adaptive window: Einziger, Friedman and Manes, TinyLFU: A Highly Efficient Cache Admission Policy, ACM
 * TOS 2017. Cached entries count their own uses; the sketch remembers the frequency of evicted ones.
 */
export function createAdaptivePolicy(options: AdaptivePolicyOptions): EvictionPolicy {
  const { maxEntries, maxBytes, random, onEvict, climber = createClimber() } = options
  const seed = Math.floor(random() * 2 ** 32)
  const slotOf = new Map<string, number>()
  const slots = createSlots()
  const lists = createSegmentLists()
  const sketch = createFrequencySketch()
  const simulation = createLruSimulation(maxEntries)
  const adaptation = createLoadAdaptation({ climber, simulation, sketch, slots })
  let bytes = 0
  let evictedKeys: string[] = []

  const isOverCapacity = () => slotOf.size > maxEntries || bytes > maxBytes
  const admission = createAdmission({
    slots,
    lists,
    maxEntries,
    maxBytes,
    random,
    isOverCapacity,
    windowShare: climber.windowShare,
    isAlwaysWatched: simulation.isSampled,
    evictSlot: (slot) => evictedKeys.push(removeSlot(slot)),
  })

  /** Removes an entry, remembers its frequency in the sketch, and returns its key. */
  function removeSlot(slot: number): string {
    const { key } = slots.entryAt(slot)
    const hash = slots.hashAt(slot)
    sketch.raiseFrequency(hash, slots.frequencyAt(slot))
    simulation.removeCachedKey(hash)
    lists.removeSlot(slot, slots.sizeAt(slot))
    bytes -= slots.sizeAt(slot)
    slotOf.delete(key)
    slots.releaseSlot(slot)
    return key
  }

  function insertEntry(entry: LocalEntry, size: number): void {
    const hash = hashKey(entry.key, seed)
    adaptation.recordMiss()
    sketch.ensureCapacity(slotOf.size)
    const slot = slots.allocateSlot(entry, size, hash, sketch.estimateFrequency(hash) + 1)
    slots.setWatched(slot, true)
    lists.addFirst(slot, windowSegment, size)
    slotOf.set(entry.key, slot)
    bytes += size
    simulation.addCachedKey(hash)
    simulation.recordAccess(hash, false)
    admission.evictExcess()
  }

  function replaceEntry(slot: number, entry: LocalEntry, size: number): void {
    const segment = lists.segmentOf(slot)
    lists.removeSlot(slot, slots.sizeAt(slot))
    bytes += size - slots.sizeAt(slot)
    slots.replaceEntry(slot, entry, size)
    // An entry that grew past the bound re-enters the window, so it is not its own victim.
    lists.addFirst(slot, isOverCapacity() ? windowSegment : segment, size)
    if (isOverCapacity()) slots.setWatched(slot, true)
    admission.evictExcess()
  }

  /** Handles a use of a watched slot: the window is an LRU list, and sampled keys take part in the simulation. */
  function recordWatchedUse(slot: number): void {
    if (lists.segmentOf(slot) === windowSegment) {
      admission.moveSlot(slot, windowSegment)
      slots.clearReference(slot)
    }
    simulation.recordAccess(slots.hashAt(slot), true)
  }

  /** Reports evicted keys, once all state is consistent: the callback may use the policy. */
  function reportEvictions(): void {
    if (evictedKeys.length === 0) return
    const keys = evictedKeys
    evictedKeys = []
    simulation.start()
    adaptation.adapt(slotOf.size)
    for (const key of keys) onEvict(key)
  }

  return {
    get(key) {
      const slot = slotOf.get(key)
      if (slot === undefined) return undefined
      adaptation.recordHit()
      if (slots.recordUse(slot)) recordWatchedUse(slot)
      return slots.entryAt(slot)
    },
    peek(key) {
      const slot = slotOf.get(key)
      return slot === undefined ? undefined : slots.entryAt(slot)
    },
    set(entry, size) {
      const slot = slotOf.get(entry.key)
      if (slot === undefined) insertEntry(entry, size)
      else replaceEntry(slot, entry, size)
      reportEvictions()
    },
    delete(key) {
      const slot = slotOf.get(key)
      if (slot !== undefined) removeSlot(slot)
    },
    entryCount: () => slotOf.size,
    byteCount: () => bytes,
    *entries() {
      for (const slot of slotOf.values()) yield slots.entryAt(slot)
    },
  }
}

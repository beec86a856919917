import type { LocalEntry } from '@larder/core'
import type { Room, RoomOptions } from '../room'
import { type Climber, createClimber } from './climber'
import { hashOf } from './hash'
import { createLruSample } from './lru-sample'
import { createQueues, newcomers } from './queues'
import { createSegments } from './segments'
import { createSketch } from './sketch'
import { createSlots } from './slots'

/** Accesses per entry after which the uses counted so far count half. */
const agesAfter = 10
/** Accesses per entry after which the window may change. */
const climbsAfter = 6

export interface AdaptiveRoomOptions extends RoomOptions {
  readonly climber?: Climber | undefined
}

/**
 * Keeps what is used often, and as much of what is new as pays. W-TinyLFU: Einziger, Friedman and Manes, TinyLFU: A Highly
 * Efficient Cache Admission Policy, ACM TOS 2017. Entries count their own uses; the sketch remembers those that are gone.
 */
export function createAdaptiveRoom(options: AdaptiveRoomOptions): Room {
  const { maxEntries, maxBytes, random, evicted, climber = createClimber() } = options
  const seed = Math.floor(random() * 2 ** 32)
  const slotOf = new Map<string, number>()
  const slots = createSlots()
  const queues = createQueues()
  const sketch = createSketch()
  const sample = createLruSample(maxEntries)
  let bytes = 0
  let sampled = 0
  let hits = 0
  let misses = 0
  let last = { aged: 0, climbed: 0, hits: 0 }
  let removed: string[] = []
  let wasFull = false

  const isOver = () => slotOf.size > maxEntries || bytes > maxBytes
  const segments = createSegments({
    ...{ slots, queues, maxEntries, maxBytes, random, isOver },
    windowShare: climber.share,
    staysWatched: sample.covers,
    remove: (slot) => removed.push(take(slot)),
  })

  /** Takes an entry out, and hands back its key. How often it was used is remembered. */
  function take(slot: number): string {
    const { key } = slots.entry(slot)
    const hash = slots.hash(slot)
    sketch.raise(hash, slots.frequency(slot))
    if (sample.covers(hash)) sampled -= 1
    queues.remove(slot, slots.size(slot))
    bytes -= slots.size(slot)
    slotOf.delete(key)
    slots.release(slot)
    return key
  }
  function insert(entry: LocalEntry, size: number): void {
    const hash = hashOf(entry.key, seed)
    misses += 1
    sketch.fit(slotOf.size)
    const slot = slots.take(entry, size, hash, sketch.estimate(hash) + 1)
    slots.watch(slot, true)
    queues.add(slot, newcomers, size)
    slotOf.set(entry.key, slot)
    bytes += size
    if (sample.covers(hash)) sampled += 1
    if (sample.covers(hash) && wasFull) sample.access(hash, false, sampled)
    segments.makeRoom()
  }

  function replace(slot: number, entry: LocalEntry, size: number): void {
    const queue = queues.queueOf(slot)
    queues.remove(slot, slots.size(slot))
    bytes += size - slots.size(slot)
    slots.replace(slot, entry, size)
    // What others must go for is a newcomer: it stays, whoever was to go next.
    queues.add(slot, isOver() ? newcomers : queue, size)
    if (isOver()) slots.watch(slot, true)
    segments.makeRoom()
  }

  /** A use that is more than a mark: the window is in the order of use, and sampled keys are compared. */
  function attend(slot: number): void {
    if (queues.queueOf(slot) === newcomers) {
      segments.move(slot, newcomers)
      slots.takeTouch(slot)
    }
    const hash = slots.hash(slot)
    if (wasFull && sample.covers(hash)) sample.access(hash, true, sampled)
  }

  /** Looks back, now and then. Only where entries have to go: before that there is nothing to decide. */
  function learn(): void {
    const accesses = hits + misses
    if (accesses - last.climbed >= climbsAfter * slotOf.size) {
      const since = { hits: hits - last.hits, accesses: accesses - last.climbed }
      climber.climb({ ...since, comparison: sample.take() })
      last = { ...last, climbed: accesses, hits }
    }
    if (accesses - last.aged < agesAfter * slotOf.size) return
    last = { ...last, aged: accesses }
    sketch.halve()
    slots.halve()
  }

  /** Tells of what was removed, when all is in order again: a listener may come back at once. */
  function settle(): void {
    if (removed.length === 0) return
    const gone = removed
    removed = []
    wasFull = true
    learn()
    for (const key of gone) evicted(key)
  }

  return {
    get(key) {
      const slot = slotOf.get(key)
      if (slot === undefined) return undefined
      hits += 1
      if (slots.use(slot)) attend(slot)
      return slots.entry(slot)
    },
    peek(key) {
      const slot = slotOf.get(key)
      return slot === undefined ? undefined : slots.entry(slot)
    },
    set(entry, size) {
      const slot = slotOf.get(entry.key)
      if (slot === undefined) insert(entry, size)
      else replace(slot, entry, size)
      settle()
    },
    delete(key) {
      const slot = slotOf.get(key)
      if (slot !== undefined) take(slot)
    },
    count: () => slotOf.size,
    bytes: () => bytes,
    *entries() {
      for (const slot of slotOf.values()) yield slots.entry(slot)
    },
  }
}

import type { LocalEntry } from '@larder/core'
import { createSegmentLists, type Segment, windowSegment } from './segment-lists'
import { createSlots } from './slots'

/** Bounds of {@link createEntryTable}. */
interface EntryTableOptions {
  readonly maxEntries: number
  readonly maxBytes: number
}

/** The entries of a policy: each has a slot, found by its key, in one of the segments. Slots in the window are watched. */
export function createEntryTable({ maxEntries, maxBytes }: EntryTableOptions) {
  const slotOf = new Map<string, number>()
  const slots = createSlots()
  const lists = createSegmentLists()
  let bytes = 0

  const isOverCapacity = () => slotOf.size > maxEntries || bytes > maxBytes

  /** Moves a slot to the most recent end of a segment. */
  function moveSlot(slot: number, segment: Segment): void {
    lists.removeSlot(slot, slots.sizeAt(slot))
    lists.addFirst(slot, segment, slots.sizeAt(slot))
  }

  return {
    slotOf,
    slots,
    lists,
    byteCount: () => bytes,
    isOverCapacity,

    /** Whether a segment holds more than this share of the capacity. */
    exceedsShare: (segment: Segment, share: number) =>
      lists.countOf(segment) > share * maxEntries || lists.bytesOf(segment) > share * maxBytes,

    peekEntry(key: string): LocalEntry | undefined {
      const slot = slotOf.get(key)
      return slot === undefined ? undefined : slots.entryAt(slot)
    },

    *listEntries(): Iterable<LocalEntry> {
      for (const slot of slotOf.values()) yield slots.entryAt(slot)
    },

    /** Adds an entry to the window. */
    insertEntry(entry: LocalEntry, size: number, hash: number, frequency: number): void {
      const slot = slots.allocateSlot(entry, size, hash, frequency)
      slots.setWatched(slot, true)
      lists.addFirst(slot, windowSegment, size)
      slotOf.set(entry.key, slot)
      bytes += size
    },

    /** Replaces the entry of a slot, which becomes the most recent of its segment. */
    replaceEntry(slot: number, entry: LocalEntry, size: number): void {
      const segment = lists.segmentOf(slot)
      lists.removeSlot(slot, slots.sizeAt(slot))
      bytes += size - slots.sizeAt(slot)
      slots.replaceEntry(slot, entry, size)
      // An entry that grew past the bound re-enters the window, so it is not its own victim.
      lists.addFirst(slot, isOverCapacity() ? windowSegment : segment, size)
      if (isOverCapacity()) slots.setWatched(slot, true)
    },

    moveSlot,

    /** Removes an entry and returns its key. */
    removeSlot(slot: number): string {
      const { key } = slots.entryAt(slot)
      lists.removeSlot(slot, slots.sizeAt(slot))
      bytes -= slots.sizeAt(slot)
      slotOf.delete(key)
      slots.releaseSlot(slot)
      return key
    },
  }
}

export type EntryTable = ReturnType<typeof createEntryTable>

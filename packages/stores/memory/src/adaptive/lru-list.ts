import { createSegmentLists, windowSegment } from './segment-lists'

/** A list of numbers, most recently used first. Using one that is in the list allocates nothing. */
export function createLruList() {
  const slotOf = new Map<number, number>()
  const values: number[] = []
  const freeSlots: number[] = []
  const list = createSegmentLists()

  function addFirst(value: number): void {
    const slot = freeSlots.pop() ?? values.length
    values[slot] = value
    slotOf.set(value, slot)
    list.addFirst(slot, windowSegment, 1)
  }

  function removeLast(): void {
    const slot = list.lastOf(windowSegment)
    list.removeSlot(slot, 1)
    slotOf.delete(values[slot] as number)
    freeSlots.push(slot)
  }

  return {
    /** Removes the least recently used values until no more than `maxSize` are left. */
    shrinkTo(maxSize: number): void {
      while (slotOf.size > maxSize) removeLast()
    },

    /** Moves a value to the front, or adds it there. Returns whether it was in the list. */
    useValue(value: number): boolean {
      const slot = slotOf.get(value)
      if (slot === undefined) addFirst(value)
      else {
        list.removeSlot(slot, 1)
        list.addFirst(slot, windowSegment, 1)
      }
      return slot !== undefined
    },
  }
}

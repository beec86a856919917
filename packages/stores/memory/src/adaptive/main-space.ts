import type { EntryTable } from './entry-table'
import type { LoadAdaptation } from './load-adaptation'
import { probationSegment, protectedSegment } from './segment-lists'

/** The protected segment's share of the main space. */
const protectedShare = 0.8
/** Second chances given in one pass: bounds the work of one `set`. */
const maxSecondChances = 16

/**
 * The main space of W-TinyLFU: a segmented LRU in which a hit only sets the reference bit. An entry at the end of a segment
 * that has it set gets a second chance and is promoted instead of evicted, as in CLOCK.
 */
export function createMainSpace(
  { slots, lists, moveSlot, exceedsShare }: EntryTable,
  { windowShare }: LoadAdaptation,
) {
  /** Shrinks the protected segment to its share: entries that were not used again return to probation. */
  function demoteFromProtected(): void {
    const share = protectedShare * (1 - windowShare())
    for (let left = maxSecondChances; left > 0 && exceedsShare(protectedSegment, share); left -= 1) {
      const slot = lists.lastOf(protectedSegment)
      moveSlot(slot, slots.clearReference(slot) ? protectedSegment : probationSegment)
    }
  }

  /** Promotes entries at the end of probation that were used again. */
  function promoteFromProbation(): void {
    for (let left = maxSecondChances; left > 0 && lists.countOf(probationSegment) > 0; left -= 1) {
      const slot = lists.lastOf(probationSegment)
      if (!slots.clearReference(slot)) return
      moveSlot(slot, protectedSegment)
      demoteFromProtected()
    }
  }

  return {
    /** The next slot to evict, other than the candidate; undefined if there is none. */
    findVictim(candidate?: number): number | undefined {
      promoteFromProbation()
      if (lists.countOf(probationSegment) > 0 && lists.lastOf(probationSegment) !== candidate)
        return lists.lastOf(probationSegment)
      return lists.countOf(protectedSegment) > 0 ? lists.lastOf(protectedSegment) : undefined
    },
  }
}

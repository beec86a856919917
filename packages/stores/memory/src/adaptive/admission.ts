import {
  probationSegment,
  protectedSegment,
  type Segment,
  type SegmentLists,
  windowSegment,
} from './segment-lists'
import type { Slots } from './slots'

/** The protected segment's share of the main space. */
const protectedShare = 0.8
/** Second chances given in one pass: bounds the work of one `set`. */
const maxSecondChances = 16
/** Of candidates with a frequency of 1 that tie with their victim, one in this many is admitted. */
const tiesPerAdmission = 32
/** From this frequency on, a less frequent candidate may be admitted at random, so that an attacker cannot keep keys out. */
const minRandomFrequency = 6
const randomAdmission = 1 / 128

interface AdmissionOptions {
  readonly slots: Slots
  readonly lists: SegmentLists
  readonly maxEntries: number
  readonly maxBytes: number
  random(): number
  /** The window's share of the capacity, from 0 to 1. */
  windowShare(): number
  isOverCapacity(): boolean
  /** Whether uses of a key are watched outside the window too. */
  isAlwaysWatched(hash: number): boolean
  evictSlot(slot: number): void
}

/**
 * TinyLFU's admission: a candidate that leaves the window must have been used more often than the victim it would
 * replace. In the main space a hit only sets the reference bit. An entry at the end of a segment that has it set gets a
 * second chance and is promoted instead of evicted, as in CLOCK.
 */
export function createAdmission(options: AdmissionOptions) {
  const { slots, lists, maxEntries, maxBytes, random, windowShare, isAlwaysWatched } = options
  const { isOverCapacity, evictSlot } = options
  let ties = 0

  const exceedsShare = (segment: Segment, share: number) =>
    lists.countOf(segment) > share * maxEntries || lists.bytesOf(segment) > share * maxBytes

  function moveSlot(slot: number, segment: Segment): void {
    lists.removeSlot(slot, slots.sizeAt(slot))
    lists.addFirst(slot, segment, slots.sizeAt(slot))
  }

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

  /** The next slot of the main space to evict, other than the candidate; undefined if there is none. */
  function findVictim(candidate?: number): number | undefined {
    promoteFromProbation()
    if (lists.countOf(probationSegment) > 0 && lists.lastOf(probationSegment) !== candidate)
      return lists.lastOf(probationSegment)
    return lists.countOf(protectedSegment) > 0 ? lists.lastOf(protectedSegment) : undefined
  }

  function isAdmitted(candidate: number, victim: number): boolean {
    const candidateFrequency = slots.frequencyAt(candidate)
    const victimFrequency = slots.frequencyAt(victim)
    // Ignore the candidate's current access: otherwise a scan or a loop would always beat the victim by one.
    if (candidateFrequency > victimFrequency + 1) return true
    if (candidateFrequency >= victimFrequency && candidateFrequency === 1) {
      ties += 1
      return ties % tiesPerAdmission === 1
    }
    return candidateFrequency >= minRandomFrequency && random() < randomAdmission
  }

  /** Evicts victims, or the candidate itself if it is not admitted, until the capacity suffices. */
  function admitCandidate(candidate: number): void {
    while (isOverCapacity()) {
      const victim = findVictim(candidate)
      const evicted = victim === undefined || !isAdmitted(candidate, victim) ? candidate : victim
      evictSlot(evicted)
      if (evicted === candidate) return
    }
  }

  return {
    moveSlot,

    /** Evicts until the policy is within its bounds. The most recent entry of the window stays: it was just set. */
    evictExcess(): void {
      while (lists.countOf(windowSegment) > 1 && exceedsShare(windowSegment, windowShare())) {
        const candidate = lists.lastOf(windowSegment)
        slots.setWatched(candidate, isAlwaysWatched(slots.hashAt(candidate)))
        moveSlot(candidate, probationSegment)
        admitCandidate(candidate)
      }
      while (isOverCapacity()) evictSlot(findVictim() ?? lists.lastOf(windowSegment))
    },
  }
}

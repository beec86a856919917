import type { EntryTable } from './entry-table'
import type { LoadAdaptation } from './load-adaptation'
import { createMainSpace } from './main-space'
import { probationSegment, windowSegment } from './segment-lists'

/** Of candidates with a frequency of 1 that tie with their victim, one in this many is admitted. */
const tiesPerAdmission = 32
/** From this frequency on, a less frequent candidate may be admitted at random, so that an attacker cannot keep keys out. */
const minRandomFrequency = 6
const randomAdmission = 1 / 128

/** Dependencies of {@link createAdmission}. */
interface AdmissionOptions {
  readonly table: EntryTable
  readonly load: LoadAdaptation
  random(): number
  evictSlot(slot: number): void
}

/**
 * TinyLFU's admission: a candidate that leaves the window must have been used more often than the victim it would
 * replace in the main space.
 */
export function createAdmission(options: AdmissionOptions) {
  const { table, load, random, evictSlot } = options
  const { slots, lists, isOverCapacity } = table
  const { findVictim } = createMainSpace(table, load)
  let ties = 0

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
    /** Evicts until the policy is within its bounds. The most recent entry of the window stays: it was just set. */
    evictExcess(): void {
      while (lists.countOf(windowSegment) > 1 && table.exceedsShare(windowSegment, load.windowShare())) {
        const candidate = lists.lastOf(windowSegment)
        // Outside the window, only sampled keys are watched.
        slots.setWatched(candidate, load.isSampled(slots.hashAt(candidate)))
        table.moveSlot(candidate, probationSegment)
        admitCandidate(candidate)
      }
      while (isOverCapacity()) evictSlot(findVictim() ?? lists.lastOf(windowSegment))
    },
  }
}

import { established, newcomers, probation, type Queue, type Queues } from './queues'
import type { Slots } from './slots'

/** What the used again have of the main part. */
const establishedShare = 0.8
/** Used entries passed over at a time: the work of one `set` is bounded. */
const maxReprieves = 16
/** Of newcomers that were used as often as what is there, namely once, one in so many is let in. */
const tiesPerAdmission = 32
/** From here on, luck may let a newcomer in that was used less often: nobody can plan a key out. */
const luckyFrequency = 6
const luck = 1 / 128

export interface SegmentsOptions {
  readonly slots: Slots
  readonly queues: Queues
  readonly maxEntries: number
  readonly maxBytes: number
  random(): number
  /** What newcomers have of the room, from 0 to 1. */
  windowShare(): number
  isOver(): boolean
  /** Whether uses of a key are watched outside the window too. */
  staysWatched(hash: number): boolean
  remove(slot: number): void
}

/**
 * Who stays: a newcomer that leaves the window must have been used more often than the entry it would replace.
 * In the main part a hit leaves a mark only, and whoever bears one when its turn to go comes moves up instead.
 */
export function createSegments(options: SegmentsOptions) {
  const { slots, queues, maxEntries, maxBytes, random, windowShare, staysWatched, isOver, remove } = options
  let ties = 0

  const exceeds = (queue: Queue, share: number) =>
    queues.countOf(queue) > share * maxEntries || queues.bytesOf(queue) > share * maxBytes

  function move(slot: number, queue: Queue): void {
    queues.remove(slot, slots.size(slot))
    queues.add(slot, queue, slots.size(slot))
  }

  /** Sends back to probation what was established and is no longer used. */
  function demote(): void {
    const share = establishedShare * (1 - windowShare())
    for (let left = maxReprieves; left > 0 && exceeds(established, share); left -= 1) {
      const slot = queues.last(established)
      move(slot, slots.takeTouch(slot) ? established : probation)
    }
  }

  function promoteUsed(): void {
    for (let left = maxReprieves; left > 0 && queues.countOf(probation) > 0; left -= 1) {
      const slot = queues.last(probation)
      if (!slots.takeTouch(slot)) return
      move(slot, established)
      demote()
    }
  }

  /** Who of the main part has to go next, if not the candidate. */
  function victim(candidate?: number): number | undefined {
    promoteUsed()
    if (queues.countOf(probation) > 0 && queues.last(probation) !== candidate) return queues.last(probation)
    return queues.countOf(established) > 0 ? queues.last(established) : undefined
  }

  function admits(candidate: number, against: number): boolean {
    const asked = slots.frequency(candidate)
    const held = slots.frequency(against)
    // Its present use is one that the other did not have yet: in a loop, everybody would replace whoever is next.
    if (asked > held + 1) return true
    if (asked >= held && asked === 1) {
      ties += 1
      return ties % tiesPerAdmission === 1
    }
    return asked >= luckyFrequency && random() < luck
  }

  function contend(candidate: number): void {
    while (isOver()) {
      const against = victim(candidate)
      const loser = against === undefined || !admits(candidate, against) ? candidate : against
      remove(loser)
      if (loser === candidate) return
    }
  }

  return {
    move,

    /** Removes what must go. The latest newcomer never does: what was just set is there. */
    makeRoom(): void {
      while (queues.countOf(newcomers) > 1 && exceeds(newcomers, windowShare())) {
        const slot = queues.last(newcomers)
        slots.watch(slot, staysWatched(slots.hash(slot)))
        move(slot, probation)
        contend(slot)
      }
      while (isOver()) remove(victim() ?? queues.last(newcomers))
    },
  }
}

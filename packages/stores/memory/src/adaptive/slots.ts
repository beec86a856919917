import type { LocalEntry } from '@larder/core'
import { maxFrequency } from './frequency-sketch'
import { growTypedArray } from './grow-typed-array'

/** One byte per slot: the reference bit of CLOCK (bit 0), the number of uses (bits 1 to 4), the watched flag (bit 5). */
const referenceBit = 1
const oneUse = 2
const frequencyMask = maxFrequency * oneUse
const watchedFlag = 32
/** Referenced, at the highest frequency and not watched: a further use changes nothing. */
const saturated = frequencyMask | referenceBit

/** Per-entry data by slot number. In typed arrays: a hit writes at most one byte and allocates nothing. */
export function createSlots() {
  const entries: (LocalEntry | undefined)[] = []
  const freeSlots: number[] = []
  let hashes = new Int32Array(64)
  let sizes = new Float64Array(64)
  let states = new Uint8Array(64)

  const stateAt = (slot: number) => states[slot] as number

  function growArrays(): void {
    hashes = growTypedArray(hashes)
    sizes = growTypedArray(sizes)
    states = growTypedArray(states)
  }

  return {
    entryAt: (slot: number) => entries[slot] as LocalEntry,
    hashAt: (slot: number) => hashes[slot] as number,
    sizeAt: (slot: number) => sizes[slot] as number,
    frequencyAt: (slot: number) => (stateAt(slot) & frequencyMask) / oneUse,

    /** Takes a free slot, or the next new one, for an entry. */
    allocateSlot(entry: LocalEntry, size: number, hash: number, frequency: number): number {
      const slot = freeSlots.pop() ?? entries.length
      if (slot === hashes.length) growArrays()
      entries[slot] = entry
      sizes[slot] = size
      hashes[slot] = hash
      states[slot] = Math.min(frequency, maxFrequency) * oneUse
      return slot
    },

    releaseSlot(slot: number): void {
      entries[slot] = undefined
      freeSlots.push(slot)
    },

    replaceEntry(slot: number, entry: LocalEntry, size: number): void {
      entries[slot] = entry
      sizes[slot] = size
    },

    /** Counts a use and sets the reference bit. Returns whether the slot is watched. */
    recordUse(slot: number): boolean {
      const state = stateAt(slot)
      if (state === saturated) return false
      states[slot] =
        (state & frequencyMask) === frequencyMask ? state | referenceBit : (state + oneUse) | referenceBit
      return state >= watchedFlag
    },

    setWatched(slot: number, isWatched: boolean): void {
      states[slot] = isWatched ? stateAt(slot) | watchedFlag : stateAt(slot) & ~watchedFlag
    },

    /** Clears the reference bit. Returns whether it was set: the slot was used since the last call. */
    clearReference(slot: number): boolean {
      const state = stateAt(slot)
      states[slot] = state & ~referenceBit
      return (state & referenceBit) !== 0
    },

    /** TinyLFU's reset for entries in the cache: halves every frequency, so that older uses count less. */
    halveFrequencies(): void {
      for (let slot = 0; slot < entries.length; slot += 1) states[slot] = halveFrequency(stateAt(slot))
    },
  }
}

/** The state with half as many uses, rounded down. */
function halveFrequency(state: number): number {
  return (state & ~frequencyMask) | (((state & frequencyMask) >> 1) & frequencyMask)
}

export type Slots = ReturnType<typeof createSlots>

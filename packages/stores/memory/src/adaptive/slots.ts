import type { LocalEntry } from '@larder/core'
import { grown } from './grown'
import { maxFrequency } from './sketch'

/** A byte of each slot: used since last asked (one bit), how often used (four), whether somebody watches its uses (one). */
const touched = 1
const once = 2
const frequencies = maxFrequency * once
const watched = 32
const hottest = frequencies | touched

/** What is known of each entry, by the number of its slot. In arrays: a hit writes one byte at most and allocates nothing. */
export function createSlots() {
  const entries: (LocalEntry | undefined)[] = []
  const free: number[] = []
  let hashes = new Int32Array(64)
  let sizes = new Float64Array(64)
  let uses = new Uint8Array(64)

  const use = (slot: number) => uses[slot] as number

  function grow(): void {
    hashes = grown(hashes)
    sizes = grown(sizes)
    uses = grown(uses)
  }

  return {
    entry: (slot: number) => entries[slot] as LocalEntry,
    hash: (slot: number) => hashes[slot] as number,
    size: (slot: number) => sizes[slot] as number,
    frequency: (slot: number) => (use(slot) & frequencies) / once,

    /** A slot for a new entry: the lowest number there never was, or one that is free again. */
    take(entry: LocalEntry, size: number, hash: number, frequency: number): number {
      const slot = free.pop() ?? entries.length
      if (slot === hashes.length) grow()
      entries[slot] = entry
      sizes[slot] = size
      hashes[slot] = hash
      uses[slot] = Math.min(frequency, maxFrequency) * once
      return slot
    },

    release(slot: number): void {
      entries[slot] = undefined
      free.push(slot)
    },

    replace(slot: number, entry: LocalEntry, size: number): void {
      entries[slot] = entry
      sizes[slot] = size
    },

    /** Counts a use, and says whether somebody watches. */
    use(slot: number): boolean {
      const before = use(slot)
      if (before === hottest) return false
      uses[slot] = (before & frequencies) === frequencies ? before | touched : (before + once) | touched
      return before >= watched
    },

    watch(slot: number, whether: boolean): void {
      uses[slot] = whether ? use(slot) | watched : use(slot) & ~watched
    },

    /** Whether it was used since this was last asked. */
    takeTouch(slot: number): boolean {
      const before = use(slot)
      uses[slot] = before & ~touched
      return (before & touched) !== 0
    },

    /** Lets what was counted long ago count for less. */
    halve(): void {
      for (let slot = 0; slot < entries.length; slot += 1) {
        const before = use(slot)
        uses[slot] = (before & ~frequencies) | (((before & frequencies) >> 1) & frequencies)
      }
    },
  }
}

export type Slots = ReturnType<typeof createSlots>

import { mixed } from './hash'

/** The highest frequency told apart: what four bits hold. */
export const maxFrequency = 15
const rows = 4
/** A word has eight counters of four bits: two of each row. */
const countersOf = 2
const halves = 0x77777777

/**
 * How often keys were used of late, for any number of keys in fixed room: a count-min sketch of 4-bit counters.
 * Estimates err upwards alone. Cormode and Muthukrishnan, An Improved Data Stream Summary, J. Algorithms 2005.
 */
export function createSketch() {
  let words = new Uint32Array(64)

  /** Where the counter of a row is: its word in the upper bits, the shift within it in the lower five. */
  function counterOf(hash: number, row: number): number {
    const bits = mixed(hash + Math.imul(row, 0x9e3779b9))
    const shift = (row * countersOf + (bits >>> 31)) * 4
    return (bits & (words.length - 1)) * 32 + shift
  }

  return {
    estimate(hash: number): number {
      let least = maxFrequency
      for (let row = 0; row < rows; row += 1) {
        const counter = counterOf(hash, row)
        const count = (read(words, counter >>> 5) >>> (counter & 31)) & 15
        if (count < least) least = count
      }
      return least
    },

    /** Remembers that a key was used at least `frequency` times. */
    raise(hash: number, frequency: number): void {
      for (let row = 0; row < rows; row += 1) {
        const counter = counterOf(hash, row)
        const shift = counter & 31
        const word = read(words, counter >>> 5)
        if (((word >>> shift) & 15) < frequency)
          words[counter >>> 5] = (word & ~(15 << shift)) | (frequency << shift)
      }
    },

    /** Lets what was counted long ago count for less (TinyLFU, section 3.3). */
    halve(): void {
      for (let at = 0; at < words.length; at += 1) words[at] = (read(words, at) >>> 1) & halves
    },

    /** Makes it fit for as many keys. What was counted stays: a counter becomes two that begin as it was. */
    fit(keys: number): void {
      while (words.length < keys) {
        const wider = new Uint32Array(words.length * 2)
        wider.set(words)
        wider.set(words, words.length)
        words = wider
      }
    },
  }
}

const read = (words: Uint32Array, at: number) => words[at] as number

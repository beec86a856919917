import { mixBits } from './hash'

/** The highest count of a 4-bit counter; frequencies above it are not distinguished. */
export const maxFrequency = 15
const rowCount = 4
/** A 32-bit word has eight 4-bit counters, two for each row. */
const countersPerRow = 2
/** Clears the bit that each 4-bit counter receives from its neighbour when a word is shifted right by one. */
const resetMask = 0x77777777

/**
 * Estimates how often keys were used, for any number of keys in fixed memory: a count-min sketch of 4-bit counters. An
 * estimate may be too high, never too low. Cormode and Muthukrishnan, An Improved Data Stream Summary, J. Algorithms 2005.
 */
export function createFrequencySketch() {
  let words = new Uint32Array(64)

  /** The address of a key's counter in a row: the word's index in the upper bits, the shift in the lower five. */
  function addressOf(hash: number, row: number): number {
    const bits = mixBits(hash + Math.imul(row, 0x9e3779b9))
    const shift = (row * countersPerRow + (bits >>> 31)) * 4
    return (bits & (words.length - 1)) * 32 + shift
  }

  return {
    estimateFrequency(hash: number): number {
      let lowest = maxFrequency
      for (let row = 0; row < rowCount; row += 1) {
        const address = addressOf(hash, row)
        const count = (wordAt(words, address >>> 5) >>> (address & 31)) & 15
        if (count < lowest) lowest = count
      }
      return lowest
    },

    /** Raises the estimate of a key to at least `frequency`. */
    raiseFrequency(hash: number, frequency: number): void {
      for (let row = 0; row < rowCount; row += 1) {
        const address = addressOf(hash, row)
        const shift = address & 31
        const word = wordAt(words, address >>> 5)
        if (((word >>> shift) & 15) < frequency)
          words[address >>> 5] = (word & ~(15 << shift)) | (frequency << shift)
      }
    },

    /** TinyLFU's reset (section 3.3 of the paper): halves every counter, so that older uses count less. */
    halveFrequencies(): void {
      for (let index = 0; index < words.length; index += 1)
        words[index] = (wordAt(words, index) >>> 1) & resetMask
    },

    /** Grows the sketch for this many keys. Each counter is split into two that both start with its count. */
    ensureCapacity(keyCount: number): void {
      while (words.length < keyCount) {
        const doubled = new Uint32Array(words.length * 2)
        doubled.set(words)
        doubled.set(words, words.length)
        words = doubled
      }
    },
  }
}

const wordAt = (words: Uint32Array, index: number) => words[index] as number

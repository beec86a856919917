import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/**
 * A pseudo-random generator (xoroshiro128+): numbers from 0 (included) to 1 (excluded), the same for the same seed. The numbers
 * of neighbouring seeds are unlike each other from the first one on.
 */
export function seededRandom(seed: number): () => number {
  const generator = xoroshiro128plus(mixBits(seed))
  return () => uniformFloat64(generator)
}

/** 2^32 divided by the golden ratio: without it, the seed 0 would be mixed to 0. */
const goldenRatio = 0x9e3779b9

/**
 * Spreads a seed over all 32 bits: the finalizer of MurmurHash3, by Austin Appleby. The generator takes a seed for its state as
 * it is, and begins near 1 with each small one.
 */
function mixBits(seed: number): number {
  let bits = (seed + goldenRatio) | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** One of the choices, each with the same probability. */
export function pickRandom<T>(random: () => number, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T
}

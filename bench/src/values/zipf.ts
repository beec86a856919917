import { randomOf } from './random'

/** Numbers below `count`, of which the n-th is drawn in proportion to n to the power of `-exponent`. */
export function zipf(count: number, exponent: number, length: number, seed = 1): Int32Array {
  const shares = sharesOf(count, exponent)
  const random = randomOf(seed)
  return Int32Array.from({ length }, () => indexAbove(shares, random()))
}

/** The share of the draws that fall on each number or one before it. */
function sharesOf(count: number, exponent: number): Float64Array {
  const shares = new Float64Array(count)
  let sum = 0
  for (let at = 0; at < count; at += 1) {
    sum += 1 / (at + 1) ** exponent
    shares[at] = sum
  }
  return shares.map((share) => share / sum)
}

function indexAbove(shares: Float64Array, wanted: number): number {
  let low = 0
  let high = shares.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((shares[middle] ?? 1) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

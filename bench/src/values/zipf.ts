import { seededRandom } from '@larder/testing'

/** Draws `length` Zipf-distributed numbers below `count`: the n-th has a probability proportional to n ^ -`exponent`. */
export function drawZipf(count: number, exponent: number, length: number, seed = 1): Int32Array {
  const shares = sharesOf(count, exponent)
  const random = seededRandom(seed)
  return Int32Array.from({ length }, () => indexAbove(shares, random()))
}

/** The cumulative distribution. */
function sharesOf(count: number, exponent: number): Float64Array {
  const shares = new Float64Array(count)
  let sum = 0
  for (let index = 0; index < count; index += 1) {
    sum += 1 / (index + 1) ** exponent
    shares[index] = sum
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

import { seededRandom } from '@larder/testing'
import { drawZipf } from '../values/zipf'

/** A sequence of requested keys, and the capacity of the cache they are replayed on. */
export interface Trace {
  readonly name: string
  readonly capacity: number
  /** Number of requests in a measurement. */
  readonly length: number
  readonly keys: (length: number) => Int32Array
}

const popular = 100_000

/** Generated traces, the same in every run. */
export const traces: readonly Trace[] = [
  {
    name: 'zipf 0.99',
    capacity: 10_000,
    length: 1_000_000,
    keys: (length) => drawZipf(popular, 0.99, length),
  },
  { name: 'zipf 0.7', capacity: 10_000, length: 300_000, keys: (length) => drawZipf(popular, 0.7, length) },
  { name: 'scans', capacity: 1_000, length: 300_000, keys: scanTrace },
  {
    name: 'loop',
    capacity: 1_000,
    length: 300_000,
    keys: (length) => Int32Array.from({ length }, (_, index) => index % 1_500),
  },
  { name: 'shifts', capacity: 1_000, length: 300_000, keys: shiftTrace },
  { name: 'twice', capacity: 1_000, length: 300_000, keys: twiceTrace },
  { name: 'mixed', capacity: 1_000, length: 300_000, keys: mixedTrace },
]

/** Zipf-distributed keys, interrupted by scans over keys that are requested once. */
function scanTrace(length: number): Int32Array {
  const hot = drawZipf(5_000, 0.9, length)
  let fresh = popular
  return hot.map((key, index) => {
    if (index % 10_000 < 7_000) return key
    fresh += 1
    return fresh
  })
}

/** The set of popular keys changes abruptly, ten times. */
function shiftTrace(length: number): Int32Array {
  const phase = Math.ceil(length / 10)
  return drawZipf(5_000, 0.9, length).map((key, index) => key + Math.floor(index / phase) * 5_000)
}

/** Every key is requested twice within a short time. */
function twiceTrace(length: number): Int32Array {
  const random = seededRandom(3)
  const waiting: number[] = []
  let fresh = 0
  return Int32Array.from({ length }, () => {
    const isSecond = waiting.length > 500 || (waiting.length > 100 && random() < 0.5)
    if (isSecond) return waiting.shift() ?? 0
    fresh += 1
    waiting.push(fresh)
    return fresh
  })
}

/** Four phases: Zipf-distributed keys, a loop, other Zipf-distributed keys, keys requested twice. */
function mixedTrace(length: number): Int32Array {
  const part = Math.floor(length / 4)
  const keys = new Int32Array(length)
  keys.set(drawZipf(5_000, 0.9, part, 5))
  keys.set(
    Int32Array.from({ length: part }, (_, index) => 1_000_000 + (index % 1_500)),
    part,
  )
  keys.set(
    drawZipf(5_000, 0.9, part, 6).map((key) => key + 2_000_000),
    2 * part,
  )
  keys.set(
    twiceTrace(length - 3 * part).map((key) => key + 3_000_000),
    3 * part,
  )
  return keys
}

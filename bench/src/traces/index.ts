import { randomOf } from '../values/random'
import { zipf } from '../values/zipf'

/** Keys in the order in which they are asked for, and how many of them fit. */
export interface Trace {
  readonly name: string
  readonly room: number
  /** How many requests a measurement takes. */
  readonly length: number
  readonly keys: (length: number) => Int32Array
}

const popular = 100_000

/** The same in every run: made, not recorded. */
export const traces: readonly Trace[] = [
  { name: 'zipf 0.99', room: 10_000, length: 1_000_000, keys: (length) => zipf(popular, 0.99, length) },
  { name: 'zipf 0.7', room: 10_000, length: 300_000, keys: (length) => zipf(popular, 0.7, length) },
  { name: 'scans', room: 1_000, length: 300_000, keys: scans },
  {
    name: 'loop',
    room: 1_000,
    length: 300_000,
    keys: (length) => Int32Array.from({ length }, (_, at) => at % 1_500),
  },
  { name: 'shifts', room: 1_000, length: 300_000, keys: shifts },
  { name: 'twice', room: 1_000, length: 300_000, keys: twice },
  { name: 'mixed', room: 1_000, length: 300_000, keys: mixed },
]

/** A few popular keys, and again and again a run through many that nobody asks for a second time. */
function scans(length: number): Int32Array {
  const hot = zipf(5_000, 0.9, length)
  let fresh = popular
  return hot.map((key, at) => {
    if (at % 10_000 < 7_000) return key
    fresh += 1
    return fresh
  })
}

/** What is popular changes at a stroke, ten times. */
function shifts(length: number): Int32Array {
  const phase = Math.ceil(length / 10)
  return zipf(5_000, 0.9, length).map((key, at) => key + Math.floor(at / phase) * 5_000)
}

/** Every key is asked for twice within a short time, and then never again. */
function twice(length: number): Int32Array {
  const random = randomOf(3)
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

/** One kind after the other: a popular few, a loop, another popular few, keys that come twice. */
function mixed(length: number): Int32Array {
  const part = Math.floor(length / 4)
  const keys = new Int32Array(length)
  keys.set(zipf(5_000, 0.9, part, 5))
  keys.set(
    Int32Array.from({ length: part }, (_, at) => 1_000_000 + (at % 1_500)),
    part,
  )
  keys.set(
    zipf(5_000, 0.9, part, 6).map((key) => key + 2_000_000),
    2 * part,
  )
  keys.set(
    twice(length - 3 * part).map((key) => key + 3_000_000),
    3 * part,
  )
  return keys
}

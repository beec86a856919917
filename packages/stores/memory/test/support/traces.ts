import { seededRandom } from './random'

/** A load: keys in the order in which they are asked for, and room for how many. */
export interface Trace {
  readonly name: string
  readonly room: number
  readonly keys: readonly number[]
}

/** Numbers below `count`, the first far more often than the last: the k-th in proportion to 1 / k^skew. */
export function zipf(count: number, skew: number, seed: number): () => number {
  const random = seededRandom(seed)
  const sums = new Float64Array(count)
  let total = 0
  for (let at = 0; at < count; at += 1) sums[at] = total += (at + 1) ** -skew
  return () => {
    const wanted = random() * total
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

const times = (length: number, key: (at: number) => number) => Array.from({ length }, (_, at) => key(at))

/** Each key once and, `distance` keys later, once more. */
const twice = (length: number, distance: number) =>
  times(length, (at) => (at % 2 === 0 ? at / 2 : Math.max(0, (at - 1) / 2 - distance)))

/** The latest are asked for most; those from before are over. */
function news(length: number, seed: number): number[] {
  const random = seededRandom(seed)
  let latest = 0
  return times(length, () => {
    if (random() < 0.4) latest += 1
    return Math.max(0, latest + Math.floor(Math.log(1 - random()) * 300))
  })
}

function jumps(length: number, seed: number): number[] {
  const random = seededRandom(seed)
  return times(length, (at) => Math.floor(at / 25_000) * 5_000 + Math.floor(random() * 900))
}

function skewed(count: number, skew: number, length: number, seed = 1): number[] {
  const next = zipf(count, skew, seed)
  return times(length, next)
}

const far = 1_000_000

/** Loads of every kind, the same each time. */
export function traces(): Trace[] {
  const small = zipf(10_000, 0.99, 2)
  const moving = zipf(10_000, 0.99, 3)
  const loop = times(200_000, (at) => far + (at % 1_300))
  return [
    { name: 'Zipf 0.7', room: 10_000, keys: skewed(100_000, 0.7, 400_000) },
    { name: 'Zipf 0.9', room: 10_000, keys: skewed(100_000, 0.9, 400_000) },
    { name: 'Zipf 0.99', room: 10_000, keys: skewed(100_000, 0.99, 1_000_000) },
    { name: 'Zipf 1.2', room: 1_000, keys: skewed(100_000, 1.2, 300_000) },
    {
      name: 'Zipf with scans',
      room: 1_000,
      keys: times(300_000, (at) => (at % 20_000 < 5_000 ? far + at : small())),
    },
    { name: 'loop over 1.5 times the room', room: 1_000, keys: times(300_000, (at) => at % 1_500) },
    {
      name: 'favourites that change',
      room: 1_000,
      keys: times(300_000, (at) => moving() + 20_000 * Math.floor(at / 50_000)),
    },
    {
      name: 'favourites that drift',
      room: 1_000,
      keys: times(300_000, (at) => moving() + Math.floor(at / 20)),
    },
    { name: 'the working set jumps', room: 1_000, keys: jumps(300_000, 4) },
    { name: 'news', room: 1_000, keys: news(300_000, 5) },
    { name: 'each key twice', room: 1_000, keys: twice(300_000, 200) },
    {
      name: 'loop, then twice, then Zipf',
      room: 1_000,
      keys: [...loop, ...twice(200_000, 200), ...skewed(10_000, 0.9, 200_000)],
    },
  ]
}

import { seededRandom } from './seeded-random'

/** A load: keys in the order of their reads, and the capacity of the cache that they are read from. */
export interface Trace {
  readonly name: string
  readonly capacity: number
  readonly keys: readonly number[]
}

/** Draws numbers below `count` from a Zipf distribution: the k-th in proportion to 1 / k^skew. */
function zipf(count: number, skew: number, seed: number): () => number {
  const random = seededRandom(seed)
  const sums = new Float64Array(count)
  let total = 0
  for (let rank = 0; rank < count; rank += 1) sums[rank] = total += (rank + 1) ** -skew
  return () => {
    const target = random() * total
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < target) low = middle + 1
      else high = middle
    }
    return low
  }
}

const generateKeys = (length: number, keyAt: (time: number) => number) =>
  Array.from({ length }, (_, time) => keyAt(time))

/** Each key is read twice, `distance` keys apart. */
const readTwice = (length: number, distance: number) =>
  generateKeys(length, (time) => (time % 2 === 0 ? time / 2 : Math.max(0, (time - 1) / 2 - distance)))

/** The latest keys are read most; older ones are not read again. */
function readNews(length: number, seed: number): number[] {
  const random = seededRandom(seed)
  let latest = 0
  return generateKeys(length, () => {
    if (random() < 0.4) latest += 1
    return Math.max(0, latest + Math.floor(Math.log(1 - random()) * 300))
  })
}

function jumpWorkingSet(length: number, seed: number): number[] {
  const random = seededRandom(seed)
  return generateKeys(length, (time) => Math.floor(time / 25_000) * 5_000 + Math.floor(random() * 900))
}

function skewKeys(count: number, skew: number, length: number, seed = 1): number[] {
  const nextKey = zipf(count, skew, seed)
  return generateKeys(length, nextKey)
}

/** Keys from here on are not drawn by the Zipf loads. */
const firstScannedKey = 1_000_000

/** Loads of every kind, deterministic. */
export function generateTraces(): Trace[] {
  const small = zipf(10_000, 0.99, 2)
  const moving = zipf(10_000, 0.99, 3)
  const loop = generateKeys(200_000, (time) => firstScannedKey + (time % 1_300))
  return [
    { name: 'Zipf 0.7', capacity: 10_000, keys: skewKeys(100_000, 0.7, 400_000) },
    { name: 'Zipf 0.9', capacity: 10_000, keys: skewKeys(100_000, 0.9, 400_000) },
    { name: 'Zipf 0.99', capacity: 10_000, keys: skewKeys(100_000, 0.99, 1_000_000) },
    { name: 'Zipf 1.2', capacity: 1_000, keys: skewKeys(100_000, 1.2, 300_000) },
    {
      name: 'Zipf with scans',
      capacity: 1_000,
      keys: generateKeys(300_000, (time) => (time % 20_000 < 5_000 ? firstScannedKey + time : small())),
    },
    {
      name: 'loop over 1.5 times the capacity',
      capacity: 1_000,
      keys: generateKeys(300_000, (time) => time % 1_500),
    },
    {
      name: 'favourites that change',
      capacity: 1_000,
      keys: generateKeys(300_000, (time) => moving() + 20_000 * Math.floor(time / 50_000)),
    },
    {
      name: 'favourites that drift',
      capacity: 1_000,
      keys: generateKeys(300_000, (time) => moving() + Math.floor(time / 20)),
    },
    { name: 'the working set jumps', capacity: 1_000, keys: jumpWorkingSet(300_000, 4) },
    { name: 'news', capacity: 1_000, keys: readNews(300_000, 5) },
    { name: 'each key twice', capacity: 1_000, keys: readTwice(300_000, 200) },
    {
      name: 'loop, then twice, then Zipf',
      capacity: 1_000,
      keys: [...loop, ...readTwice(200_000, 200), ...skewKeys(10_000, 0.9, 200_000)],
    },
  ]
}

import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { LRUCache } from 'lru-cache'
import { medianOf, ratioOf } from '../results'
import type { Samples } from '../samples'
import { recordOf } from '../values/record'
import type { Effort, Goal, ParticipantContext, ParticipantTask, Workload } from '../workload'

/** The number of keys that are read, independent of the number of entries, so that they stay in the processor's cache. */
const keysRead = 100
/** A plain hit, and the first hit after an unrelated invalidation, which has to check the entry's tags again. */
const metrics = ['ns/hit', 'ns after an invalidation']
const value = recordOf('hot')
const computeValue = () => value

interface Size {
  readonly entries?: number
  readonly tags?: number
  readonly knownTags?: number
  /** Bare lru-cache instead of Larder: the cost of processor cache misses alone. */
  readonly isBare?: boolean
}

const sizes: Readonly<Record<string, Size>> = {
  '1k entries': { entries: 1_000 },
  '30k entries': { entries: 30_000 },
  '1M entries': { entries: 1_000_000 },
  '1k in lru-cache': { entries: 1_000, isBare: true },
  '1M in lru-cache': { entries: 1_000_000, isBare: true },
  '0 tags': {},
  '8 tags': { tags: 8 },
  '32 tags': { tags: 32 },
  '10 known tags': { tags: 3, knownTags: 10 },
  '10k known tags': { tags: 3, knownTags: 10_000 },
  '1M known tags': { tags: 3, knownTags: 1_000_000 },
}

/** A filled cache of one size. */
interface Filled {
  readonly keys: readonly string[]
  read(key: string): unknown
  invalidate(tag: string): unknown
  close(): Promise<unknown>
}

async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  const filled = await fillCache(sizes[participant] ?? {}, effort)
  async function measureBoth(): Promise<Samples> {
    return {
      'ns/hit': await nanosecondsPerHit(filled, effort.time),
      'ns after an invalidation': await nanosecondsPerHit(filled, effort.time, 'known-0'),
    }
  }
  await measureBoth()
  return {
    measureRound: measureBoth,
    close: () => filled.close(),
  }
}

async function fillCache(
  { entries = keysRead, isBare = false, ...size }: Size,
  effort: Effort,
): Promise<Filled> {
  const most = effort.isShort ? 5_000 : Number.POSITIVE_INFINITY
  const all = Array.from({ length: Math.min(entries, most) }, (_, index) => `key-${index}`)
  const step = all.length / keysRead
  const keys = all.filter((_, index) => index % step === 0)
  const cache = isBare ? fillBareCache(all) : await fillLarder(all, size, most)
  return { ...cache, keys }
}

function fillBareCache(keys: readonly string[]): Omit<Filled, 'keys'> {
  const values = new LRUCache<string, object>({ max: keys.length })
  for (const key of keys) values.set(key, recordOf(key))
  return {
    read: (key) => Promise.resolve(values.get(key)),
    invalidate: () => undefined,
    close: async () => undefined,
  }
}

async function fillLarder(keys: readonly string[], { tags = 0, knownTags = 0 }: Size, most: number) {
  const store = memoryStore({ maxEntries: keys.length, maxBytes: 8 * 1024 ** 3 })
  const cache = createCache({ name: 'bench', store, ttl: '1h', maxKnownTags: 2_000_000 })
  const known = Math.min(knownTags, most)
  for (let first = 0; first < known; first += 1_000) {
    const length = Math.min(1_000, known - first)
    await cache.invalidate(Array.from({ length }, (_, index) => `known-${first + index}`))
  }
  const options = { tags: Array.from({ length: tags }, (_, index) => `tag-${index}`) }
  for (const key of keys) await cache.getOrCompute(key, computeValue, options)
  return {
    read: (key: string) => cache.getOrCompute(key, computeValue),
    invalidate: (tag: string) => cache.invalidate(tag),
    close: () => cache.close(),
  }
}

/** The mean time of a hit. With `tag`, invalidates it before each pass over the keys, which is not timed. */
async function nanosecondsPerHit(
  { keys, read, invalidate }: Filled,
  time: number,
  tag?: string,
): Promise<number> {
  const end = performance.now() + time
  let spent = 0
  let hits = 0
  while (performance.now() < end) {
    if (tag !== undefined) await invalidate(tag)
    const start = performance.now()
    for (const key of keys) await read(key)
    spent += performance.now() - start
    hits += keys.length
  }
  return (spent * 1e6) / hits
}

/** The ratio that still counts as constant, given the noise of a machine. */
const flatness = 1.25

const staysFlat = (of: string, least: string, most: string): readonly Goal[] =>
  metrics.map((metric) => ({
    of: `${of}, ${metric}`,
    kind: 'time',
    goal: `flat: ≤ ${flatness} of the least`,
    evaluate: (results) => ratioOf(results, [most, metric], [least]),
    holds: (growth) => growth <= flatness,
  }))

const growsSlowly = (of: string, least: string, most: string, steps: number): readonly Goal[] =>
  metrics.map((metric) => ({
    of: `${of}, ${metric}`,
    kind: 'time',
    goal: '< 5 ns each',
    unit: 'ns',
    evaluate: (results) => (medianOf(results, most, metric) - medianOf(results, least, metric)) / steps,
    holds: (each) => each < 5,
  }))

export const scale: Workload = {
  name: 'scale',
  title: 'Cost of a hit as things grow',
  about:
    'One of 100 keys in memory, as entries grow from 1 000 to 1 000 000, tags of an entry from 0 to 32, tags ever invalidated from 10 to 1 000 000. Also the first hit after an unrelated invalidation, which has to check the tags of the entry again. Bare lru-cache shows the cost of processor cache misses alone.',
  participants: Object.keys(sizes),
  metrics: metrics.map((name) => ({ name, unit: 'ns', better: 'less' as const })),
  prepareTask,
  goals: [
    ...staysFlat('1 000 to 1 000 000 entries', '1k entries', '1M entries'),
    ...growsSlowly('0 to 32 tags of an entry', '0 tags', '32 tags', 32),
    ...staysFlat('10 to 1 000 000 known tags', '10 known tags', '1M known tags'),
  ],
}

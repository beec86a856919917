import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { LRUCache } from 'lru-cache'
import { medianOf, ratioOf } from '../results'
import { recordOf } from '../values/record'
import type { Effort, Goal, Samples, Stage, Task, Workload } from '../workload'

/** The same keys are read however many there are: what is measured is the cache and not the processor's own. */
const asked = 100
/** A hit, and one whose tags have to be looked at anew, because something else was invalidated since the last. */
const metrics = ['ns/hit', 'ns after an invalidation']
const value = recordOf('hot')
const compute = () => value

interface Size {
  readonly entries?: number
  readonly tags?: number
  readonly knownTags?: number
  /** Bare lru-cache, for what growing costs the processor. */
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

/** A cache of some size, from the outside. */
interface Filled {
  readonly keys: readonly string[]
  read(key: string): unknown
  invalidate(tag: string): unknown
  close(): Promise<unknown>
}

async function prepare({ participant, effort }: Stage): Promise<Task> {
  const filled = await fill(sizes[participant] ?? {}, effort)
  async function measure(): Promise<Samples> {
    return {
      'ns/hit': await nanosecondsPerHit(filled, effort.time),
      'ns after an invalidation': await nanosecondsPerHit(filled, effort.time, 'known-0'),
    }
  }
  await measure()
  return {
    measure,
    end: () => filled.close(),
  }
}

async function fill({ entries = asked, isBare = false, ...size }: Size, effort: Effort): Promise<Filled> {
  const most = effort.isShort ? 5_000 : Number.POSITIVE_INFINITY
  const all = Array.from({ length: Math.min(entries, most) }, (_, at) => `key-${at}`)
  const step = all.length / asked
  const keys = all.filter((_, at) => at % step === 0)
  const cache = isBare ? bare(all) : await larder(all, size, most)
  return { ...cache, keys }
}

function bare(keys: readonly string[]): Omit<Filled, 'keys'> {
  const values = new LRUCache<string, object>({ max: keys.length })
  for (const key of keys) values.set(key, recordOf(key))
  return {
    read: (key) => Promise.resolve(values.get(key)),
    invalidate: () => undefined,
    close: async () => undefined,
  }
}

async function larder(keys: readonly string[], { tags = 0, knownTags = 0 }: Size, most: number) {
  const store = memoryStore({ maxEntries: keys.length, maxBytes: 8 * 1024 ** 3 })
  const cache = createCache({ name: 'bench', store, ttl: '1h', maxKnownTags: 2_000_000 })
  const known = Math.min(knownTags, most)
  for (let first = 0; first < known; first += 1_000) {
    const length = Math.min(1_000, known - first)
    await cache.invalidate(Array.from({ length }, (_, at) => `known-${first + at}`))
  }
  const options = { tags: Array.from({ length: tags }, (_, at) => `tag-${at}`) }
  for (const key of keys) await cache.getOrCompute(key, compute, options)
  return {
    read: (key: string) => cache.getOrCompute(key, compute),
    invalidate: (tag: string) => cache.invalidate(tag),
    close: () => cache.close(),
  }
}

/** Before each pass over the keys, the tag is invalidated, which is not timed. */
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

/** The noise of a machine allows no less. */
const flatness = 1.25

const flat = (of: string, least: string, most: string): readonly Goal[] =>
  metrics.map((metric) => ({
    of: `${of}, ${metric}`,
    kind: 'time',
    goal: `flat: ≤ ${flatness} of the least`,
    measure: (results) => ratioOf(results, [most, metric], [least]),
    holds: (growth) => growth <= flatness,
  }))

const slope = (of: string, least: string, most: string, steps: number): readonly Goal[] =>
  metrics.map((metric) => ({
    of: `${of}, ${metric}`,
    kind: 'time',
    goal: '< 5 ns each',
    unit: 'ns',
    measure: (results) => (medianOf(results, most, metric) - medianOf(results, least, metric)) / steps,
    holds: (each) => each < 5,
  }))

export const scale: Workload = {
  name: 'scale',
  title: 'Cost of a hit as things grow',
  about:
    'One of 100 keys in memory, as entries grow from 1 000 to 1 000 000, tags of an entry from 0 to 32, tags ever invalidated from 10 to 1 000 000. Also the first hit after something else was invalidated, which cannot rely on an earlier look at its tags. What growth costs the processor shows with bare lru-cache.',
  participants: Object.keys(sizes),
  metrics: metrics.map((name) => ({ name, unit: 'ns', better: 'less' as const })),
  prepare,
  goals: [
    ...flat('1 000 to 1 000 000 entries', '1k entries', '1M entries'),
    ...slope('0 to 32 tags of an entry', '0 tags', '32 tags', 32),
    ...flat('10 to 1 000 000 known tags', '10 known tags', '1M known tags'),
  ],
}

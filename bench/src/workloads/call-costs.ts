import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { atMost } from '../goals'
import { callsPerSecond } from '../measuring/calls-per-second'
import { ratioOf } from '../results'
import { recordOf } from '../values/record'
import type { Goal, ParticipantContext, ParticipantTask, Workload } from '../workload'

const metric = 'ns/call'
const value = recordOf('hot')

/** 27 objects: a list of records, each with an owner and the owner's address. */
const nested = {
  items: Array.from({ length: 8 }, (_, id) => ({
    id,
    title: `title ${id}`,
    owner: { name: `owner ${id}`, address: { city: 'Berlin', zip: '10115' } },
  })),
  page: { size: 8, next: null },
}

const openCache = () => createCache({ name: 'bench', store: memoryStore({ maxEntries: 1_000 }), ttl: '1h' })

/** A call to be measured, and the caches that exist beside it. */
interface Call {
  readonly caches: readonly Cache[]
  readonly run: (index: number) => unknown
}

/** Awaits that have nothing to do with a cache, in a process that has used some. */
async function awaitBeside(count: number): Promise<Call> {
  const caches = Array.from({ length: count }, openCache)
  for (const cache of caches) await cache.getOrCompute('hot', () => value)
  const settled = Promise.resolve()
  return { caches, run: () => settled.then(() => undefined) }
}

async function read(stored: object, run: (cache: Cache) => unknown): Promise<Call> {
  const cache = openCache()
  await cache.getOrCompute('hot', () => stored)
  return { caches: [cache], run: () => run(cache) }
}

async function invalidateAmong(names: number): Promise<Call> {
  const cache = openCache()
  for (let index = 0; index < names; index += 1) await cache.invalidate(`name:${index}`)
  return { caches: [cache], run: (index) => cache.invalidate(`name:${index % 10}`) }
}

async function miss(): Promise<Call> {
  const cache = openCache()
  const compute = () => value
  return { caches: [cache], run: (index) => cache.getOrCompute(`key-${index}`, compute) }
}

const calls: Readonly<Record<string, (isShort: boolean) => Promise<Call>>> = {
  'an await beside 1 cache': () => awaitBeside(1),
  'an await beside 100 caches': () => awaitBeside(100),
  'a hit of getOrCompute': () => read(value, (cache) => cache.getOrCompute('hot', () => value)),
  'a hit of get': () => read(value, (cache) => cache.get('hot')),
  'a hit of 27 objects': () => read(nested, (cache) => cache.get('hot')),
  'structuredClone of 27 objects': async () => ({ caches: [], run: () => structuredClone(nested) }),
  'an invalidation among 10 names': () => invalidateAmong(10),
  'an invalidation among 100k names': (isShort) => invalidateAmong(isShort ? 1_000 : 100_000),
  'a miss': () => miss(),
}

async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  const open = calls[participant]
  if (open === undefined) throw new Error(`There is no call '${participant}'.`)
  const { caches, run } = await open(effort.isShort)
  await callsPerSecond(run, effort.time)
  return {
    measureRound: async () => ({ [metric]: 1e9 / (await callsPerSecond(run, effort.time)) }),
    close: () => Promise.all(caches.map((cache) => cache.close())),
  }
}

const atMostOf = (most: number, of: string, base: string): Goal => ({
  of,
  kind: 'time',
  ...atMost(most),
  goal: `≤ ${most} of ${base}`,
  evaluate: (results) => ratioOf(results, [of, metric], [base]),
})

export const callCosts: Workload = {
  name: 'call-costs',
  title: 'Single calls, and what surrounds them',
  about:
    'Costs that a cache may add where nobody looks: to every await of a process with many caches, to a large value, to an invalidation after many others. Each is compared with its plain counterpart.',
  participants: Object.keys(calls),
  metrics: [{ name: metric, unit: 'ns', better: 'less' }],
  prepareTask,
  goals: [
    atMostOf(1.1, 'an await beside 100 caches', 'an await beside 1 cache'),
    atMostOf(1.1, 'a hit of get', 'a hit of getOrCompute'),
    atMostOf(0.25, 'a hit of 27 objects', 'structuredClone of 27 objects'),
    atMostOf(1.25, 'an invalidation among 100k names', 'an invalidation among 10 names'),
    atMostOf(40, 'a miss', 'a hit of getOrCompute'),
  ],
}

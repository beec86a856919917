import { libraries, libraryNamed } from '../libraries'
import type { Setup } from '../library'
import { fifoPolicy } from '../policies/fifo'
import { lruPolicy } from '../policies/lru'
import { optimalHitRatio } from '../policies/optimum'
import type { EvictionPolicy } from '../policies/policy'
import { s3FifoPolicy } from '../policies/s3-fifo'
import { sievePolicy } from '../policies/sieve'
import { wTinyLfuPolicy } from '../policies/w-tiny-lfu'
import { medianOf, type Results } from '../results'
import { type Trace, traces } from '../traces'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const policies: Readonly<Record<string, EvictionPolicy>> = {
  'policy fifo': fifoPolicy,
  'policy lru': lruPolicy,
  'policy sieve': sievePolicy,
  'policy s3-fifo': s3FifoPolicy,
  'policy w-tinylfu': wTinyLfuPolicy,
}
const larder = 'larder'
const larderLru = 'larder lru'
const best = 'optimum'

async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  return {
    async measureRound() {
      const samples: Record<string, number> = {}
      for (const trace of traces) {
        const length = effort.isShort ? 50_000 : trace.length
        samples[trace.name] = 100 * (await hitRatioOf(participant, trace, length))
      }
      return samples
    },
    close: async () => undefined,
  }
}

/** The share of requests that are hits, from 0 to 1. */
async function hitRatioOf(participant: string, { keys, capacity }: Trace, length: number): Promise<number> {
  const trace = keys(length)
  if (participant === best) return optimalHitRatio(trace, capacity)
  const policy = policies[participant]
  if (policy === undefined) return hitRatioOfLibrary(participant, trace, capacity)
  const ask = policy(capacity)
  return trace.reduce((hits, key) => hits + Number(ask(key)), 0) / trace.length
}

async function hitRatioOfLibrary(participant: string, trace: Int32Array, capacity: number): Promise<number> {
  const value = { of: 'any key' }
  let misses = 0
  const computeValue = () => {
    misses += 1
    return value
  }
  const wanted: Partial<Setup> = participant === larderLru ? { eviction: 'lru' } : {}
  const openCache = await libraryNamed(participant === larderLru ? larder : participant).load()
  const cache = await openCache(setupOf({ capacity, computeOf: () => computeValue, ...wanted }))
  for (const key of trace) await cache.read(`key-${key}`)
  await cache.close()
  return 1 - misses / trace.length
}

/** Larder's hit ratio divided by that of the best known policy: the lowest over all traces. */
function worstShareOfBest(results: Results): number {
  const names = Object.keys(policies)
  const shares = traces.map(({ name }) => {
    const known = names.map((policy) => medianOf(results, policy, name))
    return medianOf(results, larder, name) / Math.max(...known)
  })
  return Math.min(...shares)
}

const isAtLeast = (wanted: number) => (measured: number) => measured >= wanted

export const hitRatio: Workload = {
  name: 'hit-ratio',
  title: 'Hit ratio',
  about:
    'How much of a trace is served from memory, in percent, by each library, by known policies, and by Belady’s optimum, which knows the future.',
  participants: [
    larderLru,
    ...libraries
      .filter(({ role, offers }) => role !== 'limit' && offers.includes('memory'))
      .map(({ name }) => name),
    ...Object.keys(policies),
    best,
  ].filter((name) => !/-(wrap|sync)$/.test(name)),
  limit: best,
  maxRounds: 1,
  metrics: traces.map(({ name }): Workload['metrics'][number] => ({ name, unit: '%', better: 'more' })),
  prepareTask,
  goals: [
    {
      of: 'Zipf 0.99',
      goal: '≥ 77 %',
      kind: 'size',
      unit: '%',
      evaluate: (results) => medianOf(results, larder, 'zipf 0.99'),
      holds: isAtLeast(77),
    },
    {
      of: 'worst trace',
      goal: '≥ 0.86 of the best known policy',
      kind: 'size',
      evaluate: worstShareOfBest,
      holds: isAtLeast(0.86),
    },
  ],
}

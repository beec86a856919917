import { libraries, libraryNamed } from '../libraries'
import type { Setup } from '../library'
import { fifo } from '../policies/fifo'
import { lru } from '../policies/lru'
import { optimum } from '../policies/optimum'
import type { Policy } from '../policies/policy'
import { s3Fifo } from '../policies/s3-fifo'
import { sieve } from '../policies/sieve'
import { wTinyLfu } from '../policies/w-tiny-lfu'
import { medianOf, type Results } from '../results'
import { type Trace, traces } from '../traces'
import type { Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

const policies: Readonly<Record<string, Policy>> = {
  'policy fifo': fifo,
  'policy lru': lru,
  'policy sieve': sieve,
  'policy s3-fifo': s3Fifo,
  'policy w-tinylfu': wTinyLfu,
}
const larder = 'larder'
const larderLru = 'larder lru'
const best = 'optimum'

async function prepare({ participant, effort }: Stage): Promise<Task> {
  return {
    async measure() {
      const samples: Record<string, number> = {}
      for (const trace of traces) {
        const length = effort.isShort ? 50_000 : trace.length
        samples[trace.name] = 100 * (await shareOf(participant, trace, length))
      }
      return samples
    },
    end: async () => undefined,
  }
}

/** The share of hits. */
async function shareOf(participant: string, { keys, room }: Trace, length: number): Promise<number> {
  const trace = keys(length)
  if (participant === best) return optimum(trace, room)
  const policy = policies[participant]
  if (policy === undefined) return shareOfLibrary(participant, trace, room)
  const ask = policy(room)
  return trace.reduce((hits, key) => hits + Number(ask(key)), 0) / trace.length
}

async function shareOfLibrary(participant: string, trace: Int32Array, room: number): Promise<number> {
  const value = { of: 'no interest' }
  let misses = 0
  const compute = () => {
    misses += 1
    return value
  }
  const wanted: Partial<Setup> = participant === larderLru ? { eviction: 'lru' } : {}
  const open = await libraryNamed(participant === larderLru ? larder : participant).load()
  const cache = await open(setupOf({ room, computeOf: () => compute, ...wanted }))
  for (const key of trace) await cache.read(`key-${key}`)
  await cache.close()
  return 1 - misses / trace.length
}

/** The lowest, over all traces, of Larder's share of hits in relation to that of the best policy there is. */
function worstShareOfBest(results: Results): number {
  const names = Object.keys(policies)
  const shares = traces.map(({ name }) => {
    const known = names.map((policy) => medianOf(results, policy, name))
    return medianOf(results, larder, name) / Math.max(...known)
  })
  return Math.min(...shares)
}

const least = (wanted: number) => (measured: number) => measured >= wanted

export const hitRatio: Workload = {
  name: 'hit-ratio',
  title: 'Hit ratio',
  about:
    'How much of a trace is served from memory, in percent, by each library, by known policies, and at best (Belady’s optimum, which takes knowing the future).',
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
  prepare,
  goals: [
    {
      of: 'Zipf 0.99',
      goal: '≥ 77 %',
      kind: 'size',
      unit: '%',
      measure: (results) => medianOf(results, larder, 'zipf 0.99'),
      holds: least(77),
    },
    {
      of: 'worst trace',
      goal: '≥ 0.86 of the best known policy',
      kind: 'size',
      measure: worstShareOfBest,
      holds: least(0.86),
    },
  ],
}

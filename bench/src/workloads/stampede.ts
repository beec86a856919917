import { setTimeout as sleep } from 'node:timers/promises'
import { greatestAtMost, medianAtMost } from '../goals'
import { libraryNamed } from '../libraries'
import { percentile } from '../median'
import type { Samples } from '../samples'
import { recordOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const callers = 1_000
/** Duration of the computation, in ms. */
const duration = 50

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  let computations = 0
  const { offers, load } = libraryNamed(participant)
  const openCache = await load()
  const tier = offers.includes('tiered') ? 'tiered' : 'redis'
  const cache = await openCache(
    setupOf({
      tier,
      redis,
      isCounted: effort.isShort,
      computeOf: (key) => async () => {
        computations += 1
        await sleep(duration)
        return recordOf(key)
      },
    }),
  )
  await cache.read('warm')
  return {
    async measureRound(round) {
      computations = 0
      const waits = await Promise.all(Array.from({ length: callers }, () => waitFor(`cold-${round}`)))
      return { computations, 'added p99': percentile(waits, 0.99) - duration }
    },
    close: () => cache.close(),
  }

  async function waitFor(key: string): Promise<number> {
    const start = performance.now()
    await cache.read(key)
    return performance.now() - start
  }
}

/** The sum of the computations, and the slowest p99, over all processes. */
function mergeSamples(samples: readonly Samples[]): Samples {
  const valuesOf = (metric: string) => samples.map((sample) => sample[metric] ?? Number.NaN)
  return {
    computations: valuesOf('computations').reduce((sum, count) => sum + count, 0),
    'added p99': Math.max(...valuesOf('added p99')),
  }
}

const stampedeIn = (processes: number, name: string, words: string, most: number): Workload => ({
  name,
  title: `1 000 callers, cold key, ${words}`,
  about: `1 000 concurrent calls for a key that is not cached, whose function takes 50 ms, in ${words}; memory before Redis, or Redis alone if a library has no second tier.`,
  needs: ['redis', 'flight'],
  redis: true,
  processes,
  metrics: [
    { name: 'computations', unit: '', better: 'less' },
    { name: 'added p99', unit: 'ms', better: 'less' },
  ],
  merge: mergeSamples,
  prepareTask,
  goals: [greatestAtMost('computations', 1, 'count'), medianAtMost('added p99', most, 'time', 'ms')],
})

export const stampede = stampedeIn(1, 'stampede', '1 process', 4)
export const stampedeOfTwo = stampedeIn(2, 'stampede-two', '2 processes', 8)

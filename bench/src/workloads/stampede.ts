import { setTimeout as sleep } from 'node:timers/promises'
import { medianAtMost, neverMore } from '../goals'
import { libraryNamed } from '../libraries'
import { percentile } from '../median'
import { recordOf } from '../values/record'
import type { Samples, Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

const callers = 1_000
/** How long the function takes, in ms. */
const duration = 50

async function prepare({ participant, effort, redis }: Stage): Promise<Task> {
  let computations = 0
  const { offers, load } = libraryNamed(participant)
  const open = await load()
  const tier = offers.includes('tiered') ? 'tiered' : 'redis'
  const cache = await open(
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
    async measure(round) {
      computations = 0
      const waits = await Promise.all(Array.from({ length: callers }, () => waitFor(`cold-${round}`)))
      return { computations, 'added p99': percentile(waits, 0.99) - duration }
    },
    end: () => cache.close(),
  }

  async function waitFor(key: string): Promise<number> {
    const start = performance.now()
    await cache.read(key)
    return performance.now() - start
  }
}

/** All processes together compute; the slowest of them is waited for. */
function merge(samples: readonly Samples[]): Samples {
  const all = (metric: string) => samples.map((sample) => sample[metric] ?? Number.NaN)
  return {
    computations: all('computations').reduce((sum, count) => sum + count, 0),
    'added p99': Math.max(...all('added p99')),
  }
}

const stampedeIn = (processes: number, name: string, words: string, most: number): Workload => ({
  name,
  title: `1 000 callers, cold key, ${words}`,
  about: `1 000 calls at once for a key that nobody has, whose function takes 50 ms, in ${words}; memory before Redis, or Redis alone where a library has no two tiers.`,
  needs: ['redis', 'flight'],
  redis: true,
  processes,
  metrics: [
    { name: 'computations', unit: '', better: 'less' },
    { name: 'added p99', unit: 'ms', better: 'less' },
  ],
  merge,
  prepare,
  goals: [neverMore('computations', 1, 'count'), medianAtMost('added p99', most, 'time', 'ms')],
})

export const stampede = stampedeIn(1, 'stampede', '1 process', 4)
export const stampedeOfTwo = stampedeIn(2, 'stampede-two', '2 processes', 8)

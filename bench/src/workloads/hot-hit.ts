import { aheadOfPeers, shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { callsPerSecond } from '../measuring/speed'
import { recordOf } from '../values/record'
import type { Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

const value = recordOf('hot')
const compute = () => value

async function prepare({ participant, effort }: Stage): Promise<Task> {
  const open = await libraryNamed(participant).load()
  const cache = await open(setupOf({ computeOf: () => compute }))
  const read = () => cache.read('hot')
  await read()
  await callsPerSecond(read, effort.time)
  return {
    measure: async () => ({ 'hits/s': await callsPerSecond(read, effort.time) }),
    end: () => cache.close(),
  }
}

export const hotHit: Workload = {
  name: 'hot-hit',
  title: 'Hot hit in memory',
  about:
    'One key, an object of 10 fields, read again and again from memory. The limit is bare lru-cache and a resolved promise: it neither isolates the value nor expires it.',
  needs: ['memory'],
  limit: 'limit-lru',
  metrics: [{ name: 'hits/s', unit: '/s', better: 'more' }],
  prepare,
  goals: [
    { ...shareOfLimit('hits/s', 0.8, 'limit-lru'), of: 'getOrCompute' },
    { ...aheadOfPeers('hits/s', 'more'), of: 'getOrCompute' },
    { ...shareOfLimit('hits/s', 0.8, 'limit-lru', 'larder-wrap'), of: 'wrap' },
    { ...aheadOfPeers('hits/s', 'more', 'larder-wrap'), of: 'wrap' },
  ],
}

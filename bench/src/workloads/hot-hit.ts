import { aheadOfPeers, shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { callsPerSecond } from '../measuring/calls-per-second'
import { recordOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const value = recordOf('hot')
const computeValue = () => value

async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  const openCache = await libraryNamed(participant).load()
  const cache = await openCache(setupOf({ computeOf: () => computeValue }))
  const readHot = () => cache.read('hot')
  await readHot()
  await callsPerSecond(readHot, effort.time)
  return {
    measureRound: async () => ({ 'hits/s': await callsPerSecond(readHot, effort.time) }),
    close: () => cache.close(),
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
  prepareTask,
  goals: [
    { ...shareOfLimit('hits/s', 0.8, 'limit-lru'), of: 'getOrCompute' },
    { ...aheadOfPeers('hits/s', 'more'), of: 'getOrCompute' },
    { ...shareOfLimit('hits/s', 0.8, 'limit-lru', 'larder-wrap'), of: 'wrap' },
    { ...aheadOfPeers('hits/s', 'more', 'larder-wrap'), of: 'wrap' },
  ],
}

import { shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { callsPerSecond } from '../measuring/calls-per-second'
import { documentOf } from '../values/record'
import { drawZipf } from '../values/zipf'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const keys = 100_000
const capacity = 10_000
const reads = 1 << 19

async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  const openCache = await libraryNamed(participant).load()
  const names = Array.from({ length: keys }, (_, index) => `key-${index}`)
  const order = Array.from(drawZipf(keys, 0.99, reads), (index) => names[index] ?? '')
  // Created once, so that a miss does not include the cost of generating text.
  const value = documentOf('key', 1_024)
  const computeValue = () => ({ ...value })
  const cache = await openCache(setupOf({ capacity, computeOf: () => computeValue }))
  const readNth = (index: number) => cache.read(order[index & (reads - 1)] ?? '')
  for (let index = 0; index < (effort.isShort ? capacity : reads); index += 1) await readNth(index)
  return {
    measureRound: async () => ({ 'reads/s': await callsPerSecond(readNth, effort.time) }),
    close: () => cache.close(),
  }
}

export const zipf: Workload = {
  name: 'zipf',
  title: 'Zipf 0.99 in memory',
  about:
    '100 000 keys of 1 KB with Zipf-distributed reads (0.99) and a capacity of 10 000: about three of four reads are hits.',
  needs: ['memory'],
  limit: 'limit-lru',
  metrics: [{ name: 'reads/s', unit: '/s', better: 'more' }],
  prepareTask,
  goals: [shareOfLimit('reads/s', 0.75, 'limit-lru')],
}

import { shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { callsPerSecond } from '../measuring/speed'
import { documentOf } from '../values/record'
import { zipf as draw } from '../values/zipf'
import type { Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

const keys = 100_000
const room = 10_000
const reads = 1 << 19

async function prepare({ participant, effort }: Stage): Promise<Task> {
  const open = await libraryNamed(participant).load()
  const names = Array.from({ length: keys }, (_, at) => `key-${at}`)
  const order = Array.from(draw(keys, 0.99, reads), (at) => names[at] ?? '')
  // Made once, so that a miss costs the library's work and not that of making text.
  const value = documentOf('key', 1_024)
  const compute = () => ({ ...value })
  const cache = await open(setupOf({ room, computeOf: () => compute }))
  const read = (at: number) => cache.read(order[at & (reads - 1)] ?? '')
  for (let at = 0; at < (effort.isShort ? room : reads); at += 1) await read(at)
  return {
    measure: async () => ({ 'reads/s': await callsPerSecond(read, effort.time) }),
    end: () => cache.close(),
  }
}

export const zipf: Workload = {
  name: 'zipf',
  title: 'Zipf 0.99 in memory',
  about:
    '100 000 keys of 1 KB, read as Zipf 0.99 has it, with room for 10 000: about three of four are hits.',
  needs: ['memory'],
  limit: 'limit-lru',
  metrics: [{ name: 'reads/s', unit: '/s', better: 'more' }],
  prepare,
  goals: [shareOfLimit('reads/s', 0.75, 'limit-lru')],
}

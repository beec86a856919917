import { neverMore, shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { watchServer } from '../measuring/commands'
import { forEachAtOnce } from '../measuring/each'
import { loadPerSecond } from '../measuring/load'
import { documentOf } from '../values/record'
import type { Stage, Task, Workload } from '../workload'
import { perHit } from './per-hit'
import { setupOf } from './setup'

const keys = Array.from({ length: 1_000 }, (_, at) => `key-${at}`)
const keyAt = (at: number) => keys[at % keys.length] ?? ''

async function prepare({ participant, effort, redis }: Stage): Promise<Task> {
  const { time } = effort
  const open = await libraryNamed(participant).load()
  const cache = await open(
    setupOf({
      tier: 'redis',
      redis,
      isCounted: effort.isShort,
      computeOf: (key) => () => documentOf(key, 1_024),
    }),
  )
  const read = (at: number) => cache.read(keyAt(at))
  const watch = watchServer(redis)
  await forEachAtOnce(keys, 64, (key) => cache.read(key))
  await loadPerSecond(read, { callers: 64, time })
  return {
    async measure() {
      return {
        'one at a time': await loadPerSecond(read, { callers: 1, time }),
        '64 at once': await loadPerSecond(read, { callers: 64, time }),
        'commands/hit': await perHit(watch, keys, 1, (key) => cache.read(key)),
        'commands/hit of 64': await perHit(watch, keys, 64, (key) => cache.read(key)),
      }
    },
    async end() {
      watch.close()
      await cache.close()
    },
  }
}

export const redisHit: Workload = {
  name: 'redis-hit',
  title: 'Hit on Redis',
  about:
    '1 000 keys of 1 KB on Redis, nothing in memory: one caller, and 64 at the same time, each of whom awaits one read after the other. The limit is bare ioredis: a GET and `JSON.parse`.',
  needs: ['redis'],
  limit: 'limit-redis',
  redis: true,
  metrics: [
    { name: 'one at a time', unit: '/s', better: 'more' },
    { name: '64 at once', unit: '/s', better: 'more' },
    { name: 'commands/hit', unit: '', better: 'less' },
    { name: 'commands/hit of 64', unit: '', better: 'less' },
  ],
  prepare,
  goals: [
    shareOfLimit('one at a time', 0.9, 'limit-redis'),
    shareOfLimit('64 at once', 1.3, 'limit-redis'),
    neverMore('commands/hit', 1, 'count'),
    neverMore('commands/hit of 64', 1, 'count'),
  ],
}

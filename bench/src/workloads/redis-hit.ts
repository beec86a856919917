import { greatestAtMost, shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { forEachAtOnce } from '../measuring/for-each-at-once'
import { loadPerSecond } from '../measuring/load-per-second'
import { watchServer } from '../measuring/server-watch'
import { documentOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { commandsPerHit } from './commands-per-hit'
import { setupOf } from './setup'

const keys = Array.from({ length: 1_000 }, (_, index) => `key-${index}`)
const keyAt = (index: number) => keys[index % keys.length] ?? ''

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const { time } = effort
  const openCache = await libraryNamed(participant).load()
  const cache = await openCache(
    setupOf({
      tier: 'redis',
      redis,
      isCounted: effort.isShort,
      computeOf: (key) => () => documentOf(key, 1_024),
    }),
  )
  const readNth = (index: number) => cache.read(keyAt(index))
  const watch = watchServer(redis)
  await forEachAtOnce(keys, 64, (key) => cache.read(key))
  await loadPerSecond(readNth, { callers: 64, time })
  return {
    async measureRound() {
      return {
        'one at a time': await loadPerSecond(readNth, { callers: 1, time }),
        '64 at once': await loadPerSecond(readNth, { callers: 64, time }),
        'commands/hit': await commandsPerHit(watch, keys, 1, (key) => cache.read(key)),
        'commands/hit of 64': await commandsPerHit(watch, keys, 64, (key) => cache.read(key)),
      }
    },
    async close() {
      watch.close()
      await cache.close()
    },
  }
}

export const redisHit: Workload = {
  name: 'redis-hit',
  title: 'Hit on Redis',
  about:
    '1 000 keys of 1 KB on Redis, nothing in memory: one caller, and 64 concurrent ones, each awaiting one read after the other. The limit is bare ioredis: a GET and `JSON.parse`.',
  needs: ['redis'],
  limit: 'limit-redis',
  redis: true,
  metrics: [
    { name: 'one at a time', unit: '/s', better: 'more' },
    { name: '64 at once', unit: '/s', better: 'more' },
    { name: 'commands/hit', unit: '', better: 'less' },
    { name: 'commands/hit of 64', unit: '', better: 'less' },
  ],
  prepareTask,
  goals: [
    shareOfLimit('one at a time', 0.9, 'limit-redis'),
    shareOfLimit('64 at once', 1.3, 'limit-redis'),
    greatestAtMost('commands/hit', 1, 'count'),
    greatestAtMost('commands/hit of 64', 1, 'count'),
  ],
}

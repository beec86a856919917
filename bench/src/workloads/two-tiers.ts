import { greatestAtMost, shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { forEachAtOnce } from '../measuring/for-each-at-once'
import { loadPerSecond } from '../measuring/load-per-second'
import { watchServer } from '../measuring/server-watch'
import { documentOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { commandsPerHit } from './commands-per-hit'
import { setupOf } from './setup'

/** Read in rotation with a capacity for few of them, so that none is in memory when it is read again. */
const keys = Array.from({ length: 4_000 }, (_, index) => `key-${index}`)
const capacity = 100

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const load = { callers: 64, time: effort.time }
  const openCache = await libraryNamed(participant).load()
  const computeOf = (key: string) => () => documentOf(key, 1_024)
  const cache = await openCache(
    setupOf({ tier: 'tiered', capacity, redis, tags: ['a', 'b', 'c'], isCounted: effort.isShort, computeOf }),
  )
  let next = 0
  const readNext = () => {
    next += 1
    return cache.read(keys[next % keys.length] ?? '')
  }
  const watch = watchServer(redis)
  await forEachAtOnce(keys, 64, (key) => cache.read(key))
  await loadPerSecond(readNext, load)
  return {
    async measureRound() {
      return {
        '64 at once': await loadPerSecond(readNext, load),
        'commands/hit': await commandsPerHit(watch, keys, 64, readNext),
      }
    },
    async close() {
      watch.close()
      await cache.close()
    },
  }
}

export const twoTiers: Workload = {
  name: 'two-tiers',
  title: 'Miss in memory, hit on Redis',
  about:
    'Memory before Redis, 1 KB with 3 tags, 64 callers; every read misses in memory. The limit is the minimum for two tiers with tags: lru-cache, a GET, an MGET of the tags’ versions, and a decode.',
  needs: ['tiered', 'tags'],
  limit: 'limit-two-tier',
  redis: true,
  metrics: [
    { name: '64 at once', unit: '/s', better: 'more' },
    { name: 'commands/hit', unit: '', better: 'less' },
  ],
  prepareTask,
  goals: [shareOfLimit('64 at once', 1.2, 'limit-two-tier'), greatestAtMost('commands/hit', 1, 'count')],
}

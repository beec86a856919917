import { neverMore, shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { watchServer } from '../measuring/commands'
import { forEachAtOnce } from '../measuring/each'
import { loadPerSecond } from '../measuring/load'
import { documentOf } from '../values/record'
import type { Stage, Task, Workload } from '../workload'
import { perHit } from './per-hit'
import { setupOf } from './setup'

/** Read in turn with room for few of them, none is in memory when it is asked for again. */
const keys = Array.from({ length: 4_000 }, (_, at) => `key-${at}`)
const room = 100

async function prepare({ participant, effort, redis }: Stage): Promise<Task> {
  const load = { callers: 64, time: effort.time }
  const open = await libraryNamed(participant).load()
  const computeOf = (key: string) => () => documentOf(key, 1_024)
  const cache = await open(
    setupOf({ tier: 'tiered', room, redis, tags: ['a', 'b', 'c'], isCounted: effort.isShort, computeOf }),
  )
  let next = 0
  const read = () => {
    next += 1
    return cache.read(keys[next % keys.length] ?? '')
  }
  const watch = watchServer(redis)
  await forEachAtOnce(keys, 64, (key) => cache.read(key))
  await loadPerSecond(read, load)
  return {
    async measure() {
      return {
        '64 at once': await loadPerSecond(read, load),
        'commands/hit': await perHit(watch, keys, 64, read),
      }
    },
    async end() {
      watch.close()
      await cache.close()
    },
  }
}

export const twoTiers: Workload = {
  name: 'two-tiers',
  title: 'Miss in memory, hit on Redis',
  about:
    'Memory before Redis, 1 KB with 3 tags, 64 callers, and nothing that is asked for is in memory. The limit is the least that two tiers with tags take: lru-cache, a GET, an MGET of the tags’ versions, and a decode.',
  needs: ['tiered', 'tags'],
  limit: 'limit-two-tier',
  redis: true,
  metrics: [
    { name: '64 at once', unit: '/s', better: 'more' },
    { name: 'commands/hit', unit: '', better: 'less' },
  ],
  prepare,
  goals: [shareOfLimit('64 at once', 1.2, 'limit-two-tier'), neverMore('commands/hit', 1, 'count')],
}

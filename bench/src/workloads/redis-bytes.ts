import { atMost } from '../goals'
import { libraryNamed } from '../libraries'
import { watchServer } from '../measuring/commands'
import { forEachAtOnce } from '../measuring/each'
import { medianOf } from '../results'
import { documentOf } from '../values/record'
import type { Stage, Task, Workload } from '../workload'
import { setupOf } from './setup'

async function prepare({ participant, effort, redis }: Stage): Promise<Task> {
  const count = effort.isShort ? 2_000 : 50_000
  const { load, offers } = libraryNamed(participant)
  const open = await load()
  const tags = offers.includes('tags') ? ['a', 'b', 'c'] : []
  const cache = await open(
    setupOf({ tier: 'redis', redis, tags, computeOf: (key) => () => documentOf(key, 200) }),
  )
  const watch = watchServer(redis)
  // Connections, scripts and the log are there before the first entry.
  await forEachAtOnce(keysOf('warm', 200), 64, (key) => cache.read(key))
  return {
    async measure(round) {
      const before = await watch.bytes()
      await forEachAtOnce(keysOf(String(round), count), 64, (key) => cache.read(key))
      return { 'bytes/entry': ((await watch.bytes()) - before) / count }
    },
    async end() {
      watch.close()
      await cache.close()
    },
  }
}

function keysOf(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${name}-${100_000 + at}`)
}

export const redisBytes: Workload = {
  name: 'redis-bytes',
  title: 'Bytes on Redis',
  about:
    'What an entry of 200 bytes with 3 tags takes on Redis (`used_memory`). The limit is a plain SET of its JSON, without tags and without an end.',
  participants: ['larder', 'bentocache', 'cacheable', 'async-cache-dedupe', 'limit-redis'],
  limit: 'limit-redis',
  redis: true,
  maxRounds: 1,
  metrics: [{ name: 'bytes/entry', unit: 'B', better: 'less' }],
  prepare,
  goals: [
    {
      of: 'bytes over a plain SET',
      kind: 'size',
      ...atMost(60, 'B'),
      measure: (results) =>
        medianOf(results, 'larder', 'bytes/entry') - medianOf(results, 'limit-redis', 'bytes/entry'),
    },
  ],
}

import { atMost } from '../goals'
import { libraryNamed } from '../libraries'
import { forEachAtOnce } from '../measuring/for-each-at-once'
import { watchServer } from '../measuring/server-watch'
import { medianOf } from '../results'
import { documentOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const count = effort.isShort ? 2_000 : 50_000
  const { load, offers } = libraryNamed(participant)
  const openCache = await load()
  const tags = offers.includes('tags') ? ['a', 'b', 'c'] : []
  const cache = await openCache(
    setupOf({ tier: 'redis', redis, tags, computeOf: (key) => () => documentOf(key, 200) }),
  )
  const watch = watchServer(redis)
  // Creates connections, scripts and the log before bytes are counted.
  await forEachAtOnce(keysOf('warm', 200), 64, (key) => cache.read(key))
  return {
    async measureRound(round) {
      const before = await watch.bytes()
      await forEachAtOnce(keysOf(String(round), count), 64, (key) => cache.read(key))
      return { 'bytes/entry': ((await watch.bytes()) - before) / count }
    },
    async close() {
      watch.close()
      await cache.close()
    },
  }
}

function keysOf(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${100_000 + index}`)
}

export const redisBytes: Workload = {
  name: 'redis-bytes',
  title: 'Bytes on Redis',
  about:
    'Bytes per entry of 200 bytes with 3 tags on Redis (`used_memory`). The limit is a plain SET of its JSON, without tags and without expiry.',
  participants: ['larder', 'bentocache', 'cacheable', 'async-cache-dedupe', 'limit-redis'],
  limit: 'limit-redis',
  redis: true,
  maxRounds: 1,
  metrics: [{ name: 'bytes/entry', unit: 'B', better: 'less' }],
  prepareTask,
  goals: [
    {
      of: 'bytes over a plain SET',
      kind: 'size',
      ...atMost(60, 'B'),
      evaluate: (results) =>
        medianOf(results, 'larder', 'bytes/entry') - medianOf(results, 'limit-redis', 'bytes/entry'),
    },
  ],
}

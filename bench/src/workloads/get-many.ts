import { greatestAtMost, shareOfLimit } from '../goals'
import { libraryNamed } from '../libraries'
import { forEachAtOnce } from '../measuring/for-each-at-once'
import { loadPerSecond } from '../measuring/load-per-second'
import { watchServer } from '../measuring/server-watch'
import { documentOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { setupOf } from './setup'

const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`)
const counted = 50

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const load = { callers: 1, time: effort.time }
  const openCache = await libraryNamed(participant).load()
  const cache = await openCache(
    setupOf({
      tier: 'redis',
      redis,
      isCounted: effort.isShort,
      computeOf: (key) => () => documentOf(key, 1_024),
    }),
  )
  const watch = watchServer(redis)
  await forEachAtOnce(keys, 64, (key) => cache.read(key))
  const readAll = async () => {
    const values = await cache.readMany?.(keys)
    if (values?.length !== keys.length) throw new Error('Not every key was found.')
  }
  await loadPerSecond(readAll, load)
  return {
    async measureRound() {
      const calls = await loadPerSecond(readAll, load)
      const sent = await watch.commands(() => forEachAtOnce(Array(counted).fill(0), 1, readAll))
      return { 'calls/s': calls, 'commands/call': Math.round((sent * 10) / counted) / 10 }
    },
    async close() {
      watch.close()
      await cache.close()
    },
  }
}

export const getMany: Workload = {
  name: 'get-many',
  title: 'getMany of 100',
  about: '100 keys of 1 KB from Redis in one call. The limit is one MGET and `JSON.parse` of each.',
  needs: ['redis', 'many'],
  limit: 'limit-redis',
  redis: true,
  metrics: [
    { name: 'calls/s', unit: '/s', better: 'more' },
    { name: 'commands/call', unit: '', better: 'less' },
  ],
  prepareTask,
  goals: [shareOfLimit('calls/s', 1, 'limit-redis'), greatestAtMost('commands/call', 1, 'count')],
}

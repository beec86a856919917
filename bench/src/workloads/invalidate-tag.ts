import { Redis } from 'ioredis'
import { atMost, greatestAtMost, medianAtMost } from '../goals'
import { libraryNamed } from '../libraries'
import type { BenchCache } from '../library'
import { forEachAtOnce } from '../measuring/for-each-at-once'
import { watchServer } from '../measuring/server-watch'
import { withDeadline } from '../measuring/with-deadline'
import { median } from '../median'
import { ratioOf } from '../results'
import { documentOf } from '../values/record'
import type { ParticipantContext, ParticipantTask, Workload } from '../workload'
import { commandsPerHit } from './commands-per-hit'
import { setupOf } from './setup'

const tag = 'everything'
const samples = 500

async function prepareTask({ participant, effort, redis }: ParticipantContext): Promise<ParticipantTask> {
  const keys = Array.from({ length: effort.isShort ? 1_000 : 100_000 }, (_, index) => `key-${index}`)
  const probes = keys.filter((_, index) => index % (keys.length / samples) === 0)
  let version = 0
  const openCache = await libraryNamed(participant).load()
  const computeOf = (key: string) => () => ({ ...documentOf(key, 200), version })
  const cache = await openCache(
    setupOf({ tier: 'redis', redis, tags: [tag, 'a', 'b'], isCounted: effort.isShort, computeOf }),
  )
  const client = new Redis(redis)
  const watch = watchServer(redis)
  // Loads the scripts before the first invalidation that is measured.
  await cache.invalidate?.('other')
  return {
    async measureRound() {
      await forEachAtOnce(keys, 256, (key) => cache.read(key))
      version += 1
      const first = performance.now()
      const commands = await watch.commands(() => withDeadline(60, invalidateAll(cache)))
      const ms = performance.now() - first
      const durations = await invalidateAndWrite(cache, client, effort.isShort ? 25 : 250)
      const stale = await countStale(cache, probes, version)
      const again = await commandsPerHit(watch, probes, 1, (key) => cache.read(key))
      return { commands, 'first ms': ms, ...durations, 'stale of 500': stale, 'commands/hit': again }
    },
    async close() {
      watch.close()
      client.disconnect()
      await cache.close()
    },
  }
}

async function invalidateAll(cache: BenchCache): Promise<void> {
  await cache.invalidate?.(tag)
}

/** Medians of alternating invalidations and writes, in ms. */
async function invalidateAndWrite(cache: BenchCache, client: Redis, repeats: number) {
  const invalidations: number[] = []
  const writes: number[] = []
  for (let index = 0; index < repeats; index += 1) {
    invalidations.push(await durationOf(() => invalidateAll(cache)))
    writes.push(await durationOf(() => client.set('bare', index)))
  }
  return { 'invalidation ms': median(invalidations), 'bare write ms': median(writes) }
}

async function durationOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function countStale(cache: BenchCache, keys: readonly string[], version: number): Promise<number> {
  let stale = 0
  for (const key of keys) {
    const value = (await cache.read(key)) as { version: number }
    if (value.version !== version) stale += 1
  }
  return stale
}

const lowerIsBetter = (name: string, unit = '') => ({ name, unit, better: 'less' as const })

export const invalidateTag: Workload = {
  name: 'invalidate-tag',
  title: 'A tag of 100 000 entries on Redis',
  about:
    '100 000 entries of 200 bytes with 3 tags on Redis alone; one of the tags, which all carry, is invalidated. Then 500 of them are read, and read again. A bare write is one SET by ioredis, in turns with repeated invalidations.',
  needs: ['redis', 'tags'],
  redis: true,
  maxRounds: 3,
  metrics: [
    lowerIsBetter('commands'),
    lowerIsBetter('first ms', 'ms'),
    lowerIsBetter('invalidation ms', 'ms'),
    lowerIsBetter('bare write ms', 'ms'),
    lowerIsBetter('stale of 500'),
    lowerIsBetter('commands/hit'),
  ],
  prepareTask,
  goals: [
    medianAtMost('commands', 1, 'count'),
    {
      of: 'invalidation',
      kind: 'time',
      ...atMost(2),
      goal: '< 2 of a bare write',
      evaluate: (results) => ratioOf(results, ['larder', 'invalidation ms'], ['larder', 'bare write ms']),
    },
    greatestAtMost('stale of 500', 0, 'count'),
    greatestAtMost('commands/hit', 1, 'count'),
  ],
}

import { Redis } from 'ioredis'
import { atMost, medianAtMost, neverMore } from '../goals'
import { libraryNamed } from '../libraries'
import type { BenchCache } from '../library'
import { watchServer } from '../measuring/commands'
import { within } from '../measuring/deadline'
import { forEachAtOnce } from '../measuring/each'
import { median } from '../median'
import { ratioOf } from '../results'
import { documentOf } from '../values/record'
import type { Stage, Task, Workload } from '../workload'
import { perHit } from './per-hit'
import { setupOf } from './setup'

const tag = 'everything'
const samples = 500

async function prepare({ participant, effort, redis }: Stage): Promise<Task> {
  const keys = Array.from({ length: effort.isShort ? 1_000 : 100_000 }, (_, at) => `key-${at}`)
  const probes = keys.filter((_, at) => at % (keys.length / samples) === 0)
  let version = 0
  const open = await libraryNamed(participant).load()
  const computeOf = (key: string) => () => ({ ...documentOf(key, 200), version })
  const cache = await open(
    setupOf({ tier: 'redis', redis, tags: [tag, 'a', 'b'], isCounted: effort.isShort, computeOf }),
  )
  const client = new Redis(redis)
  const watch = watchServer(redis)
  // Scripts are there before the first invalidation that counts.
  await cache.invalidate?.('other')
  return {
    async measure() {
      await forEachAtOnce(keys, 256, (key) => cache.read(key))
      version += 1
      const first = performance.now()
      const commands = await watch.commands(() => within(60, invalidate(cache)))
      const ms = performance.now() - first
      const durations = await invalidateAndWrite(cache, client, effort.isShort ? 25 : 250)
      const stale = await countStale(cache, probes, version)
      const again = await perHit(watch, probes, 1, (key) => cache.read(key))
      return { commands, 'first ms': ms, ...durations, 'stale of 500': stale, 'commands/hit': again }
    },
    async end() {
      watch.close()
      client.disconnect()
      await cache.close()
    },
  }
}

async function invalidate(cache: BenchCache): Promise<void> {
  await cache.invalidate?.(tag)
}

/** Medians, taken in turns, in ms. */
async function invalidateAndWrite(cache: BenchCache, client: Redis, repeats: number) {
  const invalidations: number[] = []
  const writes: number[] = []
  for (let at = 0; at < repeats; at += 1) {
    invalidations.push(await durationOf(() => invalidate(cache)))
    writes.push(await durationOf(() => client.set('bare', at)))
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

const less = (name: string, unit = '') => ({ name, unit, better: 'less' as const })

export const invalidateTag: Workload = {
  name: 'invalidate-tag',
  title: 'A tag of 100 000 entries on Redis',
  about:
    '100 000 entries of 200 bytes with 3 tags on Redis alone; one of the tags, which all carry, is invalidated. Then 500 of them are read, and read again. A bare write is one SET by ioredis, in turns with repeated invalidations.',
  needs: ['redis', 'tags'],
  redis: true,
  maxRounds: 3,
  metrics: [
    less('commands'),
    less('first ms', 'ms'),
    less('invalidation ms', 'ms'),
    less('bare write ms', 'ms'),
    less('stale of 500'),
    less('commands/hit'),
  ],
  prepare,
  goals: [
    medianAtMost('commands', 1, 'count'),
    {
      of: 'invalidation',
      kind: 'time',
      ...atMost(2),
      goal: '< 2 of a bare write',
      measure: (results) => ratioOf(results, ['larder', 'invalidation ms'], ['larder', 'bare write ms']),
    },
    neverMore('stale of 500', 0, 'count'),
    neverMore('commands/hit', 1, 'count'),
  ],
}

import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { formatCount, formatDuration } from '@larder/report'
import type { Query } from './guide/database'
import { guideOn } from './guide/guide'
import { atMost, type Goal } from './report/goals'
import { printSection, quantile } from './report/table'

const reads = 20_000

/** Measures the time of one hit, and how much memory ten thousand pages take. */
export async function measureHits(query: Query, url: string | undefined): Promise<Goal[]> {
  const page = await guideOn(query).city(0)
  const times: Record<string, number[]> = {}
  await using memory = createCache({ name: 'hits', store: memoryStore({ maxEntries: 20_000 }), ttl: '10m' })
  times.memory = await hitTimes(memory, page)
  if (url !== undefined) {
    await using redis = createCache({ name: 'hits', store: redisStore({ url }), ttl: '10m' })
    times.Redis = await hitTimes(redis, page)
  }
  printSection({
    title: `2. The cost of a hit: ${formatCount(reads)} hits, one after the other`,
    head: ['', 'p50', 'p95', 'p99'],
    rows: Object.entries(times).map(([store, sorted]) => [
      store,
      ...[0.5, 0.95, 0.99].map((share) => formatDuration(quantile(sorted, share))),
    ]),
  })

  const before = heap()
  for (let at = 0; at < 10_000; at += 1)
    await memory.set(`page ${at}`, { ...page, id: at, nearby: [...page.nearby] }, { tags: [`city:${at}`] })
  const usage = memory.stats().usage
  const growth = (heap() - before) / 1e6
  printSection({
    title: 'The size of 10 000 cached pages in memory',
    head: ['', 'MB'],
    rows: [
      ['estimate, which maxBytes limits', ((usage?.bytes ?? 0) / 1e6).toFixed(1)],
      ['growth of the heap', growth.toFixed(1)],
    ],
  })
  return [
    ...Object.entries(times).map(([store, sorted]) =>
      atMost(
        `95 % of the hits from ${store}`,
        store === 'memory' ? 1 : 5,
        quantile(sorted, 0.95),
        formatDuration,
      ),
    ),
    atMost(
      '10 000 pages in memory',
      100,
      Math.max(growth, (usage?.bytes ?? 0) / 1e6),
      (megabytes) => `${megabytes.toFixed(1)} MB`,
    ),
  ]
}

/** Durations of the hits, in ms, sorted. */
async function hitTimes(cache: Cache, page: object): Promise<number[]> {
  await cache.set('page', page)
  const times: number[] = []
  for (let at = 0; at < reads; at += 1) {
    const begin = performance.now()
    await cache.getOrCompute('page', () => page)
    times.push(performance.now() - begin)
  }
  return times.sort((a, b) => a - b)
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

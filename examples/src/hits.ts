import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { formatCount, formatDuration } from '@larder/report'
import type { Query } from './guide/database'
import { guideOn } from './guide/guide'
import { printSection, quantile } from './report/table'

const reads = 20_000

/** Measures the time of one hit, and how much memory ten thousand pages take. */
export async function measureHits(query: Query, url: string | undefined): Promise<void> {
  const page = await guideOn(query).city(0)
  const rows: string[][] = []
  await using memory = createCache({ name: 'hits', store: memoryStore({ maxEntries: 20_000 }), ttl: '10m' })
  rows.push(['memory', ...(await hitTimes(memory, page))])
  if (url !== undefined) {
    await using redis = createCache({ name: 'hits', store: redisStore({ url }), ttl: '10m' })
    rows.push(['Redis', ...(await hitTimes(redis, page))])
  }
  printSection({
    title: `2. The cost of a hit: ${formatCount(reads)} hits, one after the other`,
    head: ['', 'p50', 'p95', 'p99'],
    rows,
  })

  const before = heap()
  for (let at = 0; at < 10_000; at += 1)
    await memory.set(`page ${at}`, { ...page, id: at, nearby: [...page.nearby] }, { tags: [`city:${at}`] })
  const usage = memory.stats().usage
  printSection({
    title: 'The size of 10 000 cached pages in memory',
    head: ['', 'MB'],
    rows: [
      ['estimate, which maxBytes limits', ((usage?.bytes ?? 0) / 1e6).toFixed(1)],
      ['growth of the heap', ((heap() - before) / 1e6).toFixed(1)],
    ],
  })
}

async function hitTimes(cache: Cache, page: object): Promise<string[]> {
  await cache.set('page', page)
  const times: number[] = []
  for (let at = 0; at < reads; at += 1) {
    const begin = performance.now()
    await cache.getOrCompute('page', () => page)
    times.push(performance.now() - begin)
  }
  times.sort((a, b) => a - b)
  return [0.5, 0.95, 0.99].map((share) => formatDuration(quantile(times, share)))
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

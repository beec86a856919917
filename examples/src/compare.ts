import { type Cache, type CacheStats, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { formatCount, formatDuration, formatPercent, startProgress } from '@larder/report'
import type { Query } from './guide/database'
import { cachedGuide, type Guide, guideOn } from './guide/guide'
import { countQueries, driveLoad, type Load, type Measured } from './load/drive'
import { atLeast, atMost, type Goal } from './report/goals'
import { meanOf, printSection, quantile } from './report/table'

const readers = 16

/** One run, with or without a cache. */
interface Run {
  readonly name: string
  readonly measured: Measured
  readonly queries: number
  /** The share of the reads that were hits; undefined without a cache. */
  readonly hitRatio: number | undefined
  /** The same for the second half of the run, when the cache is warm. */
  readonly warmHitRatio: number | undefined
  readonly differing: number
}

/** The same load without and with a cache in memory: with it for longer where `leastReads` are not done in that time. */
export async function compareCalls(query: Query, seconds: number, leastReads: number): Promise<Goal[]> {
  const without = await run('without a cache', query, { seconds }, (guide) => ({ guide, cache: undefined }))
  await using cache = createCache({ name: 'guide', store: memoryStore(), ttl: '10m' })
  const withCache = await run('with Larder', query, { seconds, leastReads }, (guide) => ({
    guide: cachedGuide(cache, guide),
    cache,
  }))
  const runs = [without, withCache]
  const queriesPerRead = runs.map(({ queries, measured }) => queries / measured.reads)
  const saved = 1 - (queriesPerRead[1] ?? 0) / (queriesPerRead[0] ?? 1)
  printSection({
    title: `1. Calls of functions: ${readers} readers for ${seconds} s without a cache, then for ${seconds} s with Larder in memory`,
    head: [
      '',
      'reads',
      'p50',
      'p95',
      'p99',
      'hit ratio',
      'once warm',
      'queries',
      'per read',
      'votes',
      'stale reads',
      'wrong at end',
    ],
    rows: runs.map(({ name, measured, queries, hitRatio, warmHitRatio, differing }, at) => [
      name,
      formatCount(measured.reads),
      ...[0.5, 0.95, 0.99].map((share) => formatDuration(quantile(measured.times, share))),
      ...[hitRatio, warmHitRatio].map((ratio) => (ratio === undefined ? '–' : formatPercent(ratio))),
      formatCount(queries),
      (queriesPerRead[at] ?? 0).toFixed(2),
      formatCount(measured.writes),
      formatCount(measured.stale),
      formatCount(differing),
    ]),
    notes: [
      `Larder saves ${formatPercent(saved)} of the database queries per read.`,
      'p50, p95, p99: half, 95 % and 99 % of the reads took no longer than this.',
      'once warm: the hit ratio of the second half. An empty cache has to miss every page once, at any size of the load.',
      'votes: writes; each invalidates the pages that show its city.',
      'stale reads: reads that lacked a vote which was acknowledged before they began.',
      'wrong at end: of the 500 most popular pages, those whose cached copy differs from the database.',
    ],
  })
  const faster = 1 - meanOf(withCache.measured.times) / meanOf(without.measured.times)
  return [
    atLeast('reads served from the warm cache', 0.8, withCache.warmHitRatio ?? 0, formatPercent),
    atLeast('database queries saved, per read', 0.5, saved, formatPercent),
    atLeast('mean response time saved', 0.4, faster, formatPercent),
    atMost('stale reads', 0, withCache.measured.stale + withCache.differing, formatCount),
  ]
}

async function run(
  name: string,
  query: Query,
  length: Pick<Load, 'seconds' | 'leastReads'>,
  setUp: (guide: Guide) => { guide: Guide; cache: Cache | undefined },
): Promise<Run> {
  const through = countQueries(query)
  const plain = guideOn(through.query)
  const { guide, cache } = setUp(plain)
  const bar = startProgress(name)
  let halfway: CacheStats | undefined
  const onProgress = (share: number) => {
    bar.update(share)
    if (share >= 0.5) halfway ??= cache?.stats()
  }
  const measured = await driveLoad(guide, { ...length, readers, writes: 0.02, seed: 1, onProgress })
  bar.clear()
  const queries = through.count
  const stats = cache?.stats()
  return {
    name,
    measured,
    queries,
    hitRatio: stats?.hitRatio,
    warmHitRatio: stats && hitRatioSince(halfway, stats),
    differing: await differences(guide, plain),
  }
}

/** The share of hits among the reads between two moments. */
function hitRatioSince(before: CacheStats | undefined, after: CacheStats): number {
  const hits = countHits(after) - countHits(before)
  return hits / (hits + after.misses - (before?.misses ?? 0))
}

const countHits = (stats: CacheStats | undefined) => stats?.hits.memory ?? 0

/** How many of the most popular pages differ from what the database says now. */
async function differences(cached: Guide, plain: Guide): Promise<number> {
  let differing = 0
  for (let id = 0; id < 500; id += 1) {
    const [now, served] = [await plain.city(id), await cached.city(id)]
    if (JSON.stringify(now) !== JSON.stringify(served)) differing += 1
  }
  return differing
}

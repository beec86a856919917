import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { redisStore } from '@larder/redis'
import { formatCount, formatDuration, formatPercent, startProgress } from '@larder/report'
import { tieredStore } from '@larder/tiered'
import type { Query } from './guide/database'
import { cachedGuide, guideOn } from './guide/guide'
import { answerQuery, type QueryRequest } from './guide/remote-query'
import { countQueries, driveLoad } from './load/drive'
import { atMost, type Goal } from './report/goals'
import { printSection, quantile } from './report/table'

/** Messages of the second process: a query for the database here, or its results. */
export type FromSecond =
  | { readonly kind: 'query'; readonly request: QueryRequest }
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly result: ProcessResult }

/** The measurements of one process. */
export interface ProcessResult {
  readonly times: readonly number[]
  readonly stale: number
  readonly hits: Readonly<Record<string, number>>
  readonly hitRatio: number
  /** From the log to this process, in ms, sorted. */
  readonly delays: readonly number[]
}

/** Drives the guide from this process, and watches invalidations arrive from the other. */
export async function driveTiered(
  query: Query,
  url: string,
  seconds: number,
  seed: number,
  onProgress: (share: number) => void,
): Promise<ProcessResult> {
  const store = tieredStore([memoryStore(), redisStore({ url })])
  await using cache = createCache({ name: 'guide', store, ttl: '10m' })
  const delays: number[] = []
  cache.on('apply', ({ delay }) => delays.push(Math.max(0, delay)))
  const guide = cachedGuide(cache, guideOn(query))
  const { times, stale } = await driveLoad(guide, { seconds, readers: 8, writes: 0.02, seed, onProgress })
  const { hits, hitRatio } = cache.stats()
  return { times, stale, hits, hitRatio, delays: delays.sort((a, b) => a - b) }
}

/** Two processes with memory of their own and Redis behind both; the database stays in this one. */
export async function measureTwoProcesses(query: Query, url: string, seconds: number): Promise<Goal[]> {
  const through = countQueries(query)
  const second = fork(fileURLToPath(new URL('second-process.js', import.meta.url)), [url, String(seconds)])
  let otherResult: ProcessResult | undefined
  second.on('message', async (message: FromSecond) => {
    if (message.kind === 'query') second.send(await answerQuery(through.query, message.request))
    if (message.kind === 'result') otherResult = message.result
  })
  await once(second, 'message')
  const bar = startProgress('two processes')
  const ended = once(second, 'exit')
  const first = await driveTiered(through.query, url, seconds, 2, bar.update)
  await ended
  bar.clear()
  const results = [first, ...(otherResult === undefined ? [] : [otherResult])]
  printSection({
    title: `4. Two processes for ${seconds} s, each with memory of its own, and Redis behind both`,
    head: ['', 'reads', 'p50', 'p95', 'p99', 'hit ratio', 'from memory', 'from Redis', 'stale reads'],
    rows: results.map(({ times, hitRatio, hits, stale }, at) => [
      `process ${at + 1}`,
      formatCount(times.length),
      ...[0.5, 0.95, 0.99].map((share) => formatDuration(quantile(times, share))),
      formatPercent(hitRatio),
      formatCount(hits.memory ?? 0),
      formatCount(hits.redis ?? 0),
      formatCount(stale),
    ]),
    notes: ['stale reads: counted against the votes of the own process.'],
  })
  const delays = results.flatMap((result) => result.delays).sort((a, b) => a - b)
  printSection({
    title: 'Invalidations: the time from the log to each process',
    head: ['arrived', 'p50', 'p99', 'max'],
    rows: [
      [formatCount(delays.length), ...[0.5, 0.99, 1].map((share) => formatDuration(quantile(delays, share)))],
    ],
  })
  return [
    atMost('99 % of the invalidations in the other process', 100, quantile(delays, 0.99), formatDuration),
    atMost(
      'stale reads in two processes',
      0,
      results.reduce((sum, { stale }) => sum + stale, 0),
      formatCount,
    ),
  ]
}

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { formatCount, formatDuration, formatPercent, startProgress } from '@larder/report'
import type { Query } from './guide/database'
import { cachedGuide, guideOn } from './guide/guide'
import { frameworks } from './http/frameworks'
import type { Serving } from './http/serving'
import type { HttpMeasured } from './http-load'
import { atLeast, atMost, type Goal } from './report/goals'
import { printSection, quantile } from './report/table'

/** As many concurrent users as are promised, each of whom looks at a page for this long on average, in ms. */
const users = 100
const pause = 500

/** The guide over HTTP in each framework, without and with a cache, under load from a second process. */
export async function compareHttp(query: Query, seconds: number): Promise<Goal[]> {
  const plain = guideOn(query)
  const runs: { readonly name: string; readonly without: HttpMeasured; readonly cached: HttpMeasured }[] = []
  for (const [name, serve] of Object.entries(frameworks)) {
    const without = await measure(`${name} without a cache`, () => serve(plain, undefined), seconds)
    await using cache = createCache({ name: 'guide', store: memoryStore(), ttl: '10m' })
    const cached = await measure(
      `${name} with Larder`,
      () => serve(cachedGuide(cache, plain), cache),
      seconds,
    )
    runs.push({ name, without, cached })
  }
  printSection({
    title: `3. HTTP: ${users} users for ${seconds} s, after a warm-up of the same length`,
    head: ['', 'requests/s', 'p50', 'p99', 'hits', 'p95 of hits', 'votes', 'stale reads'],
    rows: runs.flatMap(({ name, without, cached }) => [
      rowOf(`${name} without a cache`, without, seconds),
      rowOf(`${name} with Larder`, cached, seconds),
    ]),
    notes: [
      `Each user has a connection and looks at a page for ${pause} ms on average before the next; they run in a second process.`,
      'Responses are cached by RFC 9111; a vote ends the responses that show its city.',
      'hits: the share of the reads that the cache answered.',
    ],
  })
  const requestsOf = ({ reads, writes }: HttpMeasured) => reads + writes
  const gains = runs.map(({ without, cached }) => requestsOf(cached) / requestsOf(without) - 1)
  const p95 = runs.map(({ cached }) => quantile(cached.hitTimes, 0.95))
  const stale = runs.reduce((sum, { cached }) => sum + cached.stale, 0)
  return [
    atLeast(`throughput gained, ${users} users over HTTP`, 0.25, Math.min(...gains), formatPercent),
    atMost(`95 % of the cached responses, ${users} users`, 10, Math.max(...p95), formatDuration),
    atMost('stale responses', 0, stale, formatCount),
  ]
}

function rowOf(
  name: string,
  { times, hitTimes, reads, writes, stale }: HttpMeasured,
  seconds: number,
): string[] {
  return [
    name,
    formatCount((reads + writes) / seconds),
    ...[0.5, 0.99].map((share) => formatDuration(quantile(times, share))),
    ...(hitTimes.length === 0
      ? ['–', '–']
      : [formatPercent(hitTimes.length / reads), formatDuration(quantile(hitTimes, 0.95))]),
    formatCount(writes),
    formatCount(stale),
  ]
}

async function measure(name: string, serve: () => Promise<Serving>, seconds: number): Promise<HttpMeasured> {
  const bar = startProgress(name)
  const serving = await serve()
  const script = fileURLToPath(new URL('http-load.js', import.meta.url))
  const load = fork(script, [serving.port, seconds, users, pause].map(String))
  const [measured] = (await once(load, 'message')) as [HttpMeasured]
  await serving.close()
  bar.clear()
  return measured
}

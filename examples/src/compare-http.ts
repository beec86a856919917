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
import type { Measured } from './load/drive'
import { atLeast, atMost, type Goal } from './report/goals'
import { printSection, quantile } from './report/table'

/** As many concurrent users as are promised. */
const connections = 100

/** The guide over HTTP in each framework, without and with a cache, under load from a second process. */
export async function compareHttp(query: Query, seconds: number): Promise<Goal[]> {
  const plain = guideOn(query)
  const runs: { readonly name: string; readonly without: Measured; readonly cached: Measured }[] = []
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
    title: `3. HTTP: ${connections} connections from a second process for ${seconds} s, after a warm-up of the same length`,
    head: ['', 'requests/s', 'p50', 'p99', 'votes', 'stale reads'],
    rows: runs.flatMap(({ name, without, cached }) => [
      rowOf(`${name} without a cache`, without, seconds),
      rowOf(`${name} with Larder`, cached, seconds),
    ]),
    notes: ['Responses are cached by RFC 9111; a vote ends the responses that show its city.'],
  })
  const requestsOf = ({ reads, writes }: Measured) => reads + writes
  const gains = runs.map(({ without, cached }) => requestsOf(cached) / requestsOf(without) - 1)
  const p95 = runs.map(({ cached }) => quantile(cached.times, 0.95))
  const stale = runs.reduce((sum, { cached }) => sum + cached.stale, 0)
  return [
    atLeast(`throughput gained, ${connections} users over HTTP`, 0.25, Math.min(...gains), formatPercent),
    atMost(`95 % of the responses, ${connections} users`, 10, Math.max(...p95), formatDuration),
    atMost('stale responses', 0, stale, formatCount),
  ]
}

function rowOf(name: string, { times, reads, writes, stale }: Measured, seconds: number): string[] {
  return [
    name,
    formatCount((reads + writes) / seconds),
    ...[0.5, 0.99].map((share) => formatDuration(quantile(times, share))),
    formatCount(writes),
    formatCount(stale),
  ]
}

async function measure(name: string, serve: () => Promise<Serving>, seconds: number): Promise<Measured> {
  const bar = startProgress(name)
  const serving = await serve()
  const script = fileURLToPath(new URL('http-load.js', import.meta.url))
  const load = fork(script, [serving.port, seconds, connections].map(String))
  const [measured] = (await once(load, 'message')) as [Measured]
  await serving.close()
  bar.clear()
  return measured
}

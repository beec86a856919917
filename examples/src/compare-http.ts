import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { formatCount, formatDuration, startProgress } from '@larder/report'
import type { Query } from './guide/database'
import { cachedGuide, guideOn } from './guide/guide'
import { frameworks } from './http/frameworks'
import type { Serving } from './http/serving'
import type { Measured } from './load/drive'
import { printSection, quantile } from './report/table'

const connections = 32

/** The guide over HTTP in each framework, without and with a cache, under load from a second process. */
export async function compareHttp(query: Query, seconds: number): Promise<void> {
  const plain = guideOn(query)
  const rows: string[][] = []
  for (const [name, serve] of Object.entries(frameworks)) {
    rows.push(await measured(`${name} without a cache`, () => serve(plain, undefined), seconds))
    await using cache = createCache({ name: 'guide', store: memoryStore(), ttl: '10m' })
    rows.push(await measured(`${name} with Larder`, () => serve(cachedGuide(cache, plain), cache), seconds))
  }
  printSection({
    title: `3. HTTP: ${connections} connections from a second process for ${seconds} s, after a warm-up of the same length`,
    head: ['', 'requests/s', 'p50', 'p99', 'votes', 'stale reads'],
    rows,
    notes: ['Responses are cached by RFC 9111; a vote ends the responses that show its city.'],
  })
}

async function measured(name: string, serve: () => Promise<Serving>, seconds: number): Promise<string[]> {
  const bar = startProgress(name)
  const serving = await serve()
  const script = fileURLToPath(new URL('http-load.js', import.meta.url))
  const load = fork(script, [serving.port, seconds, connections].map(String))
  const [{ times, reads, writes, stale }] = (await once(load, 'message')) as [Measured]
  await serving.close()
  bar.clear()
  return [
    name,
    formatCount((reads + writes) / seconds),
    ...[0.5, 0.99].map((share) => formatDuration(quantile(times, share))),
    formatCount(writes),
    formatCount(stale),
  ]
}

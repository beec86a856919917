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

/** As many concurrent users as are promised. */
const users = 100

/** How long a user looks at a page on average, in ms: hasty ones ask for all that the server can do, patient ones do not. */
const pauses = { hasty: 50, patient: 500 } as const

/** The measurements of one framework. */
interface Run {
  readonly name: string
  readonly without: HttpMeasured
  readonly hasty: HttpMeasured
  readonly patient: HttpMeasured
}

/** The guide over HTTP in each framework, without and with a cache, under load from a second process. */
export async function compareHttp(query: Query, seconds: number): Promise<Goal[]> {
  const plain = guideOn(query)
  const runs: Run[] = []
  for (const [name, serve] of Object.entries(frameworks)) {
    const measureUsers = async (kind: keyof typeof pauses) => {
      await using cache = createCache({ name: 'guide', store: memoryStore(), ttl: '10m' })
      const serveCached = () => serve(cachedGuide(cache, plain), cache)
      return await measure(`${name} with Larder, ${kind} users`, serveCached, seconds, pauses[kind])
    }
    const serveWithout = () => serve(plain, undefined)
    runs.push({
      name,
      without: await measure(`${name} without a cache`, serveWithout, seconds, pauses.hasty),
      hasty: await measureUsers('hasty'),
      patient: await measureUsers('patient'),
    })
  }
  printSection({
    title: `3. HTTP: ${users} users for ${seconds} s, after a warm-up of the same length`,
    head: ['', 'requests/s', 'p50', 'p99', 'hits', 'p95 of hits', 'votes', 'stale reads'],
    rows: runs.flatMap(({ name, without, hasty, patient }) => [
      rowOf(`${name} without a cache`, without, seconds),
      rowOf(`${name} with Larder`, hasty, seconds),
      rowOf(`${name} with Larder, patient users`, patient, seconds),
    ]),
    notes: [
      `Each user has a connection and looks at a page for ${pauses.hasty} ms on average before the next, patient ones for ${pauses.patient} ms; they run in a second process.`,
      'Responses are cached by RFC 9111; a vote ends the responses that show its city.',
      'hits: the share of the reads that the cache answered.',
    ],
  })
  const requestsOf = ({ reads, writes }: HttpMeasured) => reads + writes
  const gains = runs.map(({ without, hasty }) => requestsOf(hasty) / requestsOf(without) - 1)
  const p95 = runs.map(({ patient }) => quantile(patient.hitTimes, 0.95))
  const stale = runs.reduce((sum, { hasty, patient }) => sum + hasty.stale + patient.stale, 0)
  return [
    atLeast(`throughput gained, ${users} users over HTTP`, 0.25, Math.min(...gains), formatPercent),
    atMost(`95 % of the cached responses, ${users} patient users`, 10, Math.max(...p95), formatDuration),
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

async function measure(
  name: string,
  serve: () => Promise<Serving>,
  seconds: number,
  pause: number,
): Promise<HttpMeasured> {
  const bar = startProgress(name)
  const serving = await serve()
  const script = fileURLToPath(new URL('http-load.js', import.meta.url))
  const load = fork(script, [serving.port, seconds, users, pause].map(String))
  const [measured] = (await once(load, 'message')) as [HttpMeasured]
  await serving.close()
  bar.clear()
  return measured
}

import { setImmediate, setTimeout } from 'node:timers/promises'
import { seededRandom } from '@larder/testing'
import type { Query } from '../guide/database'
import type { Guide } from '../guide/guide'
import { createZipf } from './zipf'

/** The load on the guide. */
export interface Load {
  readonly seconds: number
  /** The fewest reads: the readers continue after `seconds` until they have done as many. @defaultValue `0` */
  readonly leastReads?: number
  /** Concurrent readers. */
  readonly readers: number
  /** The share of visits that vote, from 0 to 1. */
  readonly writes: number
  readonly seed: number
  /** The mean time for which a reader looks at a page before the next visit, in ms; at most twice as long. @defaultValue `0` */
  readonly pause?: number
  /** Called with the share of the time that has passed, from 0 to 1. */
  onProgress(share: number): void
}

/** The result of a load. */
export interface Measured {
  /** Durations of the reads, in ms, sorted. */
  readonly times: readonly number[]
  readonly reads: number
  readonly writes: number
  /** Reads that returned fewer votes than were acknowledged before they started. */
  readonly stale: number
}

const cities = 42_000
/** Exponent of the Zipf distribution of cities. */
const skew = 1.25

/**
 * Runs concurrent visitors, each reading or voting for one city after the other, with pauses of random length. Every read is checked
 * against the votes that the database had acknowledged, and the guide had invalidated, before the read started.
 */
export async function driveLoad(guide: Guide, load: Load): Promise<Measured> {
  const random = seededRandom(load.seed)
  const drawCity = createZipf(cities, skew, random)
  const votes = new Map<string, number>()
  const times: number[] = []
  const counts = { writes: 0, stale: 0 }
  const start = performance.now()
  const end = start + load.seconds * 1_000
  const { leastReads = 0, pause = 0 } = load

  async function readPage(name: string, work: () => Promise<{ votes: number }>): Promise<void> {
    const acknowledged = votes.get(name) ?? 0
    const startedAt = performance.now()
    const page = await work()
    times.push(performance.now() - startedAt)
    if (page.votes < acknowledged) counts.stale += 1
  }

  async function voteFor(id: number): Promise<void> {
    const city = await guide.vote(id, 1 + Math.floor(random() * 5))
    counts.writes += 1
    votes.set(`city ${id}`, Math.max(votes.get(`city ${id}`) ?? 0, city.votes))
    for (const name of [`region ${city.region}`, `country ${city.country}`])
      votes.set(name, (votes.get(name) ?? 0) + 1)
  }

  async function visitCity(): Promise<void> {
    const id = drawCity()
    if (random() < load.writes) return voteFor(id)
    let region: string | null = null
    let country = ''
    await readPage(`city ${id}`, async () => {
      const page = await guide.city(id)
      region = page.region
      country = page.country
      return page
    })
    if (region !== null && random() < 0.5)
      await readPage(`region ${region}`, () => guide.region(region ?? ''))
    if (random() < 0.3) await readPage(`country ${country}`, () => guide.country(country))
  }

  /** At least one turn of the event loop, as an incoming request takes. */
  async function pauseReader(): Promise<void> {
    if (pause === 0) await setImmediate()
    else await setTimeout(2 * pause * random())
  }

  /** Readers pause before their first visit too: all of them at the same moment would be a stampede. */
  async function runReader(): Promise<void> {
    while (performance.now() < end || times.length < leastReads) {
      await pauseReader()
      await visitCity()
      load.onProgress(Math.min(1, (performance.now() - start) / (end - start)))
    }
  }

  await Promise.all(Array.from({ length: load.readers }, runReader))
  return { times: times.sort((a, b) => a - b), reads: times.length, ...counts }
}

/** Wraps a query function and counts its calls. */
export function countQueries(query: Query): { query: Query; readonly count: number } {
  let count = 0
  return {
    query: (sql, params) => {
      count += 1
      return query(sql, params)
    },
    get count() {
      return count
    },
  }
}

import type { Query } from '../guide/database'
import type { Guide } from '../guide/guide'
import { seeded, zipf } from './zipf'

/** How much is asked of the guide. */
export interface Load {
  readonly seconds: number
  /** The readers go on for longer until so many reads are done. @defaultValue 0 */
  readonly leastReads?: number
  readonly readers: number
  /** The share of calls that vote. */
  readonly writes: number
  readonly seed: number
  /** Called with the share of the time that is over. */
  onProgress(share: number): void
}

/** What was measured. */
export interface Measured {
  /** Of reads, in ms, sorted. */
  readonly times: readonly number[]
  readonly reads: number
  readonly writes: number
  /** Reads that returned less than was acknowledged before they began. */
  readonly stale: number
}

const cities = 42_000
/** How much more people ask for what is popular. */
const skew = 1.25

/**
 * Concurrent readers and writers, each asking for the next page when it has the last one. Every read is held against
 * the votes that the database had acknowledged, and the guide had invalidated, before the read began.
 */
export async function drive(guide: Guide, load: Load): Promise<Measured> {
  const random = seeded(load.seed)
  const pick = zipf(cities, skew, random)
  const votes = new Map<string, number>()
  const times: number[] = []
  const counts = { writes: 0, stale: 0 }
  const start = performance.now()
  const end = start + load.seconds * 1_000
  const { leastReads = 0 } = load

  async function read(name: string, work: () => Promise<{ votes: number }>): Promise<void> {
    const acknowledged = votes.get(name) ?? 0
    const begin = performance.now()
    const page = await work()
    times.push(performance.now() - begin)
    if (page.votes < acknowledged) counts.stale += 1
  }

  async function vote(id: number): Promise<void> {
    const city = await guide.vote(id, 1 + Math.floor(random() * 5))
    counts.writes += 1
    votes.set(`city ${id}`, Math.max(votes.get(`city ${id}`) ?? 0, city.votes))
    for (const name of [`region ${city.region}`, `country ${city.country}`])
      votes.set(name, (votes.get(name) ?? 0) + 1)
  }

  async function visit(): Promise<void> {
    const id = pick()
    if (random() < load.writes) return vote(id)
    let region: string | null = null
    let country = ''
    await read(`city ${id}`, async () => {
      const page = await guide.city(id)
      region = page.region
      country = page.country
      return page
    })
    if (region !== null && random() < 0.5) await read(`region ${region}`, () => guide.region(region ?? ''))
    if (random() < 0.3) await read(`country ${country}`, () => guide.country(country))
  }

  async function reader(): Promise<void> {
    while (performance.now() < end || times.length < leastReads) {
      await visit()
      load.onProgress(Math.min(1, (performance.now() - start) / (end - start)))
      // One turn of the event loop, as a request from outside would take.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  await Promise.all(Array.from({ length: load.readers }, reader))
  return { times: times.sort((a, b) => a - b), reads: times.length, ...counts }
}

/** Counts the queries that go through. */
export function counted(query: Query): { query: Query; readonly count: number } {
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

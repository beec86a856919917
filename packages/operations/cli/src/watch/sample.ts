import type { Cache, Clock } from '@larder/core'
import { sumOf } from '../info'
import { sampleKeys } from '../sample-keys'
import { infoOf, type Server } from '../server'
import { shareOf } from '../text/amounts'

/** Entries counted at most. */
const entriesCounted = 10_000
/** How often they are counted, in ms: it takes many commands. */
const countInterval = 10_000

/** The cache and its server at one moment. */
export interface Sample {
  readonly at: Date
  /** Why the server could not be asked; then its figures are missing. */
  readonly error: string | undefined
  readonly lag: number
  readonly position: number
  readonly entries: { readonly count: number; readonly complete: boolean } | undefined
  readonly server: ServerSample | undefined
}

export interface ServerSample {
  readonly operationsPerSecond: number
  readonly usedMemory: number
  readonly maxMemory: number
  readonly evicted: number
  /** Of the look-ups since the sample before; undefined if there were none. */
  readonly hitShare: number | undefined
}

/** Takes samples, one after the other. */
export function createSampler(server: Server, cache: Cache, clock: Clock): () => Promise<Sample> {
  let before: { hits: number; misses: number } | undefined
  let entries: Sample['entries']
  let countedAt = Number.NEGATIVE_INFINITY

  /** Runs beside the samples, which show the count before until there is a new one. */
  async function countEntries(): Promise<void> {
    if (clock.monotonic() - countedAt < countInterval) return
    countedAt = clock.monotonic()
    const { keys, isComplete } = await sampleKeys(cache, entriesCounted)
    entries = { count: keys.length, complete: isComplete }
  }

  async function askServer(): Promise<ServerSample> {
    const infos = await Promise.all(server.nodes().map(infoOf))
    const hits = sumOf(infos, 'keyspace_hits')
    const misses = sumOf(infos, 'keyspace_misses')
    const hitShare = before && shareOf(Math.max(0, hits - before.hits), Math.max(0, misses - before.misses))
    before = { hits, misses }
    return {
      hitShare,
      operationsPerSecond: sumOf(infos, 'instantaneous_ops_per_sec'),
      usedMemory: sumOf(infos, 'used_memory'),
      maxMemory: sumOf(infos, 'maxmemory'),
      evicted: sumOf(infos, 'evicted_keys'),
    }
  }

  return async () => {
    const counting = countEntries().catch(() => undefined)
    if (entries === undefined) await counting
    const at = new Date(clock.now())
    const { position, ...stats } = cache.stats()
    const lag = Math.round(stats.lag)
    try {
      return { at, error: undefined, lag, position, entries, server: await askServer() }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { at, error: reason, lag, position, entries, server: undefined }
    }
  }
}

import type { Cache, Clock } from '@larder/core'
import { sumOf } from '../info'
import { sampleKeys } from '../sample-keys'
import { readInfo, type Server } from '../server'

const maxEntriesCounted = 10_000
/** Entries are counted this often, in ms, because it takes many commands. */
const countInterval = 10_000

/** The cache and its server at one moment. */
export interface Sample {
  readonly at: Date
  /** Why the figures of the server are missing. */
  readonly error: string | undefined
  readonly lag: number
  readonly position: number
  readonly entries: { readonly count: number; readonly complete: boolean } | undefined
  readonly server: ServerSample | undefined
}

interface ServerSample {
  readonly operationsPerSecond: number
  readonly usedMemory: number
  readonly maxMemory: number
  readonly evicted: number
}

/** Returns a function that takes one sample. */
export function createSampler(server: Server, cache: Cache, clock: Clock): () => Promise<Sample> {
  let entries: Sample['entries']
  let countedAt = Number.NEGATIVE_INFINITY

  /** Runs beside the samples: they report the previous count until a new one is complete. */
  async function countEntries(): Promise<void> {
    if (clock.monotonic() - countedAt < countInterval) return
    countedAt = clock.monotonic()
    const { keys, isComplete } = await sampleKeys(cache, maxEntriesCounted)
    entries = { count: keys.length, complete: isComplete }
  }

  async function sampleServer(): Promise<ServerSample> {
    const infos = await Promise.all(server.nodes().map(readInfo))
    return {
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
      return { at, error: undefined, lag, position, entries, server: await sampleServer() }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { at, error: message, lag, position, entries, server: undefined }
    }
  }
}

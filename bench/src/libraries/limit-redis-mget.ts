import type { Redis } from 'ioredis'
import type { BenchCache, Setup } from '../library'
import { openWith } from './limit-redis'

/** Bare ioredis with one MGET for all keys requested in a tick. */
export function openCache(setup: Setup): Promise<BenchCache> {
  return openWith(setup, false, batchPerTick)
}

interface Batch {
  readonly keys: string[]
  readonly texts: Promise<(string | null)[]>
}

function batchPerTick(client: Redis): (key: string) => Promise<string | null> {
  let batch: Batch | undefined
  function startBatch(): Batch {
    const keys: string[] = []
    const tick = new Promise<void>((resolve) => void setImmediate(resolve))
    const texts = tick.then(() => {
      batch = undefined
      return client.mget(keys)
    })
    return { keys, texts }
  }
  return async (key) => {
    batch ??= startBatch()
    const { keys, texts } = batch
    const index = keys.push(key) - 1
    return (await texts)[index] ?? null
  }
}

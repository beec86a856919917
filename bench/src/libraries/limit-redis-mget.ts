import type { Redis } from 'ioredis'
import type { BenchCache, Setup } from '../library'
import { openWith } from './limit-redis'

/** Bare ioredis with one MGET for all keys asked for in a tick. */
export function open(setup: Setup): Promise<BenchCache> {
  return openWith(setup, false, gather)
}

interface Waiting {
  readonly keys: string[]
  readonly texts: Promise<(string | null)[]>
}

function gather(client: Redis): (key: string) => Promise<string | null> {
  let waiting: Waiting | undefined
  function begin(): Waiting {
    const keys: string[] = []
    const tick = new Promise<void>((resolve) => void setImmediate(resolve))
    const texts = tick.then(() => {
      waiting = undefined
      return client.mget(keys)
    })
    return { keys, texts }
  }
  return async (key) => {
    waiting ??= begin()
    const { keys, texts } = waiting
    const at = keys.push(key) - 1
    return (await texts)[at] ?? null
  }
}

import type { Cache, KeyView } from '@larder/core'

interface KeySample {
  readonly keys: readonly KeyView[]
  /** Whether `keys` are all keys of the cache. */
  readonly isComplete: boolean
}

const keysPerPage = 1_000
/** Bounds the search on a server that also holds many other keys: most pages are empty there. */
const maxPages = 1_000

/** Lists about `limit` keys of a cache, without duplicates. */
export async function sampleKeys(cache: Cache, limit: number): Promise<KeySample> {
  const sampled = new Map<string, KeyView>()
  let cursor: string | undefined
  for (let page = 0; page < maxPages && sampled.size < limit; page += 1) {
    const { keys, cursor: next } = await cache.keys({ cursor, limit: Math.min(keysPerPage, limit) })
    for (const view of keys) sampled.set(JSON.stringify([view.namespace, view.key]), view)
    cursor = next
    if (cursor === undefined) return { keys: [...sampled.values()], isComplete: true }
  }
  return { keys: [...sampled.values()], isComplete: false }
}

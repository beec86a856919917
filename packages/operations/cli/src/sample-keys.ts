import type { Cache, KeyView } from '@larder/core'

/** Keys of a cache, and whether those are all. */
export interface KeySample {
  readonly keys: readonly KeyView[]
  readonly isComplete: boolean
}

const keysPerPage = 1_000
/** Pages at most: on a server that holds many other things most of them are empty. */
const pages = 1_000

/** About `limit` keys of a cache, each once. */
export async function sampleKeys(cache: Cache, limit: number): Promise<KeySample> {
  const found = new Map<string, KeyView>()
  let cursor: string | undefined
  for (let page = 0; page < pages && found.size < limit; page += 1) {
    const read = await cache.keys({ cursor, limit: Math.min(keysPerPage, limit) })
    for (const view of read.keys) found.set(JSON.stringify([view.namespace, view.key]), view)
    cursor = read.cursor
    if (cursor === undefined) return { keys: [...found.values()], isComplete: true }
  }
  return { keys: [...found.values()], isComplete: false }
}

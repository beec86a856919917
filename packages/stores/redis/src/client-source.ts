import type { RedisClient } from './client'
import { createClient } from './create-client'
import type { RedisStoreSettings } from './options'

/** The client of a store, in use by one cache. */
interface AcquiredClient {
  readonly client: RedisClient
  release(): void
}

/**
 * Returns a function that acquires the store's client for a cache. A client that Larder creates is shared by all caches
 * of the store, and disconnected when the last of them releases it. The application's own client is never disconnected.
 */
export function createClientSource({ client, url = '' }: RedisStoreSettings): () => AcquiredClient {
  if (client !== undefined) return () => ({ client, release: () => undefined })
  let created: RedisClient | undefined
  let users = 0
  return () => {
    created ??= createClient(url)
    users += 1
    return {
      client: created,
      release() {
        users -= 1
        if (users > 0) return
        created?.disconnect()
        created = undefined
      },
    }
  }
}

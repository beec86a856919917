import type { ClientOptions } from './check-client'
import type { RedisClient } from './client'
import { createClient } from './create-client'
import { isNodeRedisClient } from './node-redis-client'
import { openNodeRedis } from './open-node-redis'

/** The client of a store or a service, in use by one cache. */
interface AcquiredClient {
  readonly client: RedisClient
  release(): void
}

/**
 * Returns a function that acquires the store's client for a cache. A client that Larder creates is shared by all caches
 * of the store, and disconnected when the last of them releases it. The application's own client is never disconnected.
 */
export function createClientSource({ client, url = '' }: ClientOptions): () => AcquiredClient {
  if (client !== undefined && !isNodeRedisClient(client)) return () => ({ client, release: () => undefined })
  let created: RedisClient | undefined
  let users = 0
  return () => {
    created ??= client === undefined ? createClient(url) : openNodeRedis(client)
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

import type { ClientOptions } from './check-client'
import type { RedisClient } from './client'
import { createClient } from './create-client'
import { creatorOf, isNodeRedisClient, type NodeRedisClient } from './node-redis-client'
import { settingsOf } from './node-redis-settings'
import { openNodeRedis } from './open-node-redis'
import { openCluster, openSentinel } from './open-node-redis-topology'

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
    created ??= client === undefined ? createClient(url) : openLike(client)
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

/** Opens a client that reaches the same servers as one of node-redis. */
function openLike(client: NodeRedisClient): RedisClient {
  const creator = creatorOf(client)
  if (creator === 'createCluster') return openCluster(settingsOf(client))
  return creator === 'createSentinel' ? openSentinel(settingsOf(client)) : openNodeRedis(client)
}

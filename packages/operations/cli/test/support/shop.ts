import { type Cache, createCache } from '@larder/core'
import { redisStore } from '@larder/redis'
import { type RedisServer, startRedis } from '@larder/servers'
import { Redis } from 'ioredis'

/** An application with a cache on a real server. */
export interface Shop extends AsyncDisposable {
  readonly server: RedisServer
  readonly cache: Cache
}

/** Starts a server, and a cache named `shop` on it. */
export async function openShop(args: readonly string[] = []): Promise<Shop> {
  const server = await startRedis({ args })
  // Not a client of the store's own: that one takes two seconds without an answer for an end of the connection
  // (own-client.ts in @larder/redis), which is how long thousands of entries take on a busy machine.
  const client = new Redis(server.port, server.host)
  const cache = createCache({
    name: 'shop',
    store: redisStore({ client }),
    ttl: '1h',
    // A pause of this process beyond it counts as a failure of Redis (gate.ts in @larder/core), and what was written is missing.
    storeTimeout: '1m',
  })
  return {
    server,
    cache,
    async [Symbol.asyncDispose]() {
      await cache.close()
      client.disconnect()
      await server.close()
    },
  }
}

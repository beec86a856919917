import { type Cache, createCache } from '@larder/core'
import { redisStore } from '@larder/redis'
import { type RedisServer, startRedis } from '@larder/servers'

/** An application with a cache on a real server. */
export interface Shop extends AsyncDisposable {
  readonly server: RedisServer
  readonly cache: Cache
}

/** Starts a server, and a cache named `shop` on it. */
export async function openShop(args: readonly string[] = []): Promise<Shop> {
  const server = await startRedis({ args })
  const cache = createCache({
    name: 'shop',
    store: redisStore({ url: server.url }),
    ttl: '1h',
    // A pause of this process beyond it counts as a failure of Redis (gate.ts in @larder/core), and what was written is missing.
    storeTimeout: '1m',
  })
  return {
    server,
    cache,
    async [Symbol.asyncDispose]() {
      await cache.close()
      await server.close()
    },
  }
}

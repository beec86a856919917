import { Redis } from 'ioredis'
import type { RedisClient } from './client'
import { retryDelayOf } from './retry-delay'
import { endStuckHandshakes } from './stuck-clients'
import { unrefSockets } from './unref-sockets'

/**
 * Creates a client that fails fast: commands are neither queued while disconnected nor sent again. It sets no timeout for
 * replies: the cache does, and replaces the connection of a server that is silent.
 */
export function createClient(url: string): RedisClient {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 500,
    disconnectTimeout: 100,
    keepAlive: 5_000,
    retryStrategy: retryDelayOf,
  })
  return endStuckHandshakes(unrefSockets(client as unknown as RedisClient))
}

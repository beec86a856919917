import { Redis } from 'ioredis'
import type { RedisClient } from './client'
import { retryDelayOf } from './retry-delay'
import { endStuckHandshakes } from './stuck-clients'
import { unrefSockets } from './unref-sockets'

/**
 * The options of connections that fail fast: commands are neither queued while disconnected nor sent again. Replies have no
 * timeout here: the cache sets one, and replaces the connection of a server that is silent.
 */
export const failFast = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: 500,
  disconnectTimeout: 100,
  keepAlive: 5_000,
} as const

/** Creates a client that fails fast. */
export function createClient(url: string): RedisClient {
  const client = new Redis(url, { ...failFast, retryStrategy: retryDelayOf })
  return endStuckHandshakes(unrefSockets(client as unknown as RedisClient))
}

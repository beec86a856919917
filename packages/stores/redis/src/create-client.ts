import { Redis } from 'ioredis'
import type { RedisClient } from './client'
import { unrefSockets } from './unref-sockets'

/**
 * Creates a client that fails fast: commands are neither queued while disconnected nor sent again, and a silent server
 * counts as a failed one.
 */
export function createClient(url: string): RedisClient {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 500,
    disconnectTimeout: 100,
    socketTimeout: 2_000,
    keepAlive: 5_000,
    retryStrategy: (attempt) => Math.min(500, 25 * 2 ** Math.min(attempt, 5)) * (0.5 + Math.random() / 2),
  })
  return unrefSockets(client as unknown as RedisClient)
}

import { Redis } from 'ioredis'
import type { RedisClient } from './client'

/**
 * A client with settings under which a failing server costs a bounded time: nothing is queued or sent again, and
 * silence is a failure.
 */
export function ownClient(url: string): RedisClient {
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
  return letGo(client as unknown as RedisClient)
}

interface Holding {
  readonly stream?: { unref?(): void }
  readonly reconnectTimeout?: { unref?(): void } | null
}

/** Keeps the client from keeping the process alive; a call under way does that by its own deadline. */
export function letGo<T extends RedisClient>(client: T): T {
  const holding = client as unknown as Holding
  client.on('connect', () => holding.stream?.unref?.())
  client.on('reconnecting', () => holding.reconnectTimeout?.unref?.())
  return client
}

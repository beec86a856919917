import type { RedisClient } from './client'

/** The wait after the first replacement of a connection, in ms. Each further one doubles it. */
const firstWait = 1_000
const longestWait = 30_000
/** A connection that lasted this long was sound: the next replacement waits for nothing. */
const soundAfter = 60_000

/**
 * Returns a function that replaces the connection of a client, whoever finds that it has to be: all parts of all caches on the
 * client ask for themselves. It does nothing while a replacement is under way, and soon after one, so that a server that is
 * slow is not kept busy with new connections.
 */
export function createReconnection(client: RedisClient): () => void {
  let isClosing = false
  let replacedAt = Number.NEGATIVE_INFINITY
  let wait = 0
  client.on('close', () => {
    isClosing = false
  })

  return () => {
    const age = performance.now() - replacedAt
    // A client that is already reconnecting has no stale replies.
    if (client.status !== 'ready' || isClosing || age < wait) return
    wait = age >= soundAfter ? firstWait : Math.min(2 * wait, longestWait)
    replacedAt = performance.now()
    // ioredis keeps the status until the connection has closed, and a second call would leave listeners on its stream.
    isClosing = true
    client.disconnect(true)
  }
}

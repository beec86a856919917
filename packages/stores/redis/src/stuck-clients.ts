import type { ClusterClient, RedisClient } from './client'

/** How long a server may take to answer the first commands of a connection, in ms. */
const handshakeTimeout = 2_000
/** How long a Cluster client may take to disconnect, in ms. */
const disconnectTimeout = 1_000

/**
 * Replaces a connection whose server accepts it and then does not answer. ioredis waits for such a handshake for ever, and no
 * command is sent meanwhile whose timeout could end it. Returns the client.
 */
export function endStuckHandshakes<T extends RedisClient>(client: T): T {
  leaveStatusWithin(client, 'connect', handshakeTimeout)
  return client
}

/**
 * Disconnects once more when a disconnection hangs: ioredis waits until the last node of a Cluster is gone, and a late
 * redirection can add one meanwhile. A client that was closed for good still does not connect again.
 */
export function endStuckDisconnects(client: ClusterClient): void {
  leaveStatusWithin(client, 'disconnecting', disconnectTimeout)
}

/** Disconnects a client that is still in this status after `timeout` ms. ioredis emits each status as an event. */
function leaveStatusWithin(client: RedisClient, status: string, timeout: number): void {
  let timer: NodeJS.Timeout | undefined
  const stopWaiting = () => clearTimeout(timer)
  client.on(status, () => {
    stopWaiting()
    timer = setTimeout(() => client.status === status && client.disconnect(true), timeout).unref()
  })
  for (const event of ['close', 'end']) client.on(event, stopWaiting)
}

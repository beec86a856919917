import type { ClusterClient } from './client'

/** How long a Cluster client may take to disconnect, in ms. */
const disconnectTimeout = 1_000

/**
 * Disconnects once more when a disconnection hangs: ioredis waits until the last node of a Cluster is gone, and a late
 * redirection can add one meanwhile. A client that was closed for good still does not connect again.
 */
export function endStuckDisconnects(client: ClusterClient): void {
  let timer: NodeJS.Timeout | undefined
  const stopWaiting = () => clearTimeout(timer)
  client.on('disconnecting', () => {
    stopWaiting()
    timer = setTimeout(
      () => client.status === 'disconnecting' && client.disconnect(true),
      disconnectTimeout,
    ).unref()
  })
  for (const event of ['close', 'end']) client.on(event, stopWaiting)
}

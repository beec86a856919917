import type { RedisClient } from './client'

/** How long a server may take to answer the first commands of a connection, in ms. */
const handshakeTimeout = 2_000

/**
 * Replaces a connection whose server accepts it and then does not answer. ioredis waits for such a handshake for ever, and no
 * command is sent meanwhile whose timeout could end it. Returns the client.
 */
export function endStuckHandshakes<T extends RedisClient>(client: T): T {
  let timer: NodeJS.Timeout | undefined
  const stopWaiting = () => clearTimeout(timer)
  client.on('connect', () => {
    stopWaiting()
    timer = setTimeout(() => client.status === 'connect' && client.disconnect(true), handshakeTimeout).unref()
  })
  for (const event of ['ready', 'close', 'end']) client.on(event, stopWaiting)
  return client
}

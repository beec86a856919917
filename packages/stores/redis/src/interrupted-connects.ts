import type { RedisClient } from './client'

/** The wait before the next attempt, in ms. */
const retryDelay = 100

interface ClosableClient {
  /** Whether the application has closed the client for good. */
  readonly manuallyClosing?: boolean
}

/**
 * Connects a client again whose attempt to connect was interrupted. ioredis ends a client for good if its `failoverDetector`
 * learns of a switch to another primary while the client is connecting, which is when it happens most often.
 */
export function resumeInterruptedConnects(client: RedisClient): void {
  let isConnecting = client.status === 'connecting'
  client.on('connecting', () => {
    isConnecting = true
  })
  for (const event of ['connect', 'close'])
    client.on(event, () => {
      isConnecting = false
    })
  client.on('end', () => {
    if (!isConnecting || (client as ClosableClient).manuallyClosing) return
    setTimeout(() => client.connect().catch(() => undefined), retryDelay).unref()
  })
}

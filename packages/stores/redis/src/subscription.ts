import type { RedisClient, Subscriber } from './client'
import { isCluster } from './client'
import { resumeInterruptedConnects } from './interrupted-connects'
import { reportToAll } from './outages'
import { isErrorReply } from './store-error'
import { rejectStrayReplies } from './stray-replies'
import { endStuckHandshakes } from './stuck-clients'
import { unrefSockets } from './unref-sockets'

/** Says which channels to subscribe to, and handles their messages. */
export interface SubscriptionHandler {
  listChannels(): string[]
  onMessage(channel: string, message: string): void
  /** Messages may have been lost, such as while the connection was down. */
  onPossibleLoss(): void
}

/** A connection that is subscribed to the channels of its handler. */
export interface Subscription {
  /** Subscribes to the handler's channels that are not subscribed yet. */
  addMissingChannels(): void
  dropChannel(channel: string): void
  close(): void
}

/**
 * Subscribes on a dedicated connection for a single server or Sentinels. A Cluster client already has a connection for
 * subscriptions, and moves it between nodes. Resubscribing is done here instead of by ioredis: if ioredis is interrupted
 * while it resubscribes, its connection stays up without any subscription.
 */
export function openSubscription(client: RedisClient, handler: SubscriptionHandler): Subscription {
  const isDedicated = !isCluster(client)
  const connection = (
    isDedicated ? endStuckHandshakes(unrefSockets(duplicateClient(client))) : client
  ) as RedisClient & Subscriber
  rejectStrayReplies(connection)
  if (isDedicated) resumeInterruptedConnects(connection)
  let subscribed = new Set<string>()
  let isFailing = false

  async function subscribeMissing(): Promise<void> {
    const missing = handler.listChannels().filter((channel) => !subscribed.has(channel))
    if (missing.length === 0 || connection.status !== 'ready') return
    const current = subscribed
    for (const channel of missing) current.add(channel)
    try {
      await connection.subscribe(...missing)
      isFailing = false
      handler.onPossibleLoss()
    } catch (error) {
      for (const channel of missing) current.delete(channel)
      if (!isFailing) reportToAll(client, error)
      isFailing = true
      // Reconnecting helps against a broken connection, not against a server that denies the command.
      if (isDedicated && !isErrorReply(error)) connection.disconnect(true)
    }
  }

  function onReady(): void {
    if (isDedicated) subscribed = new Set()
    else handler.onPossibleLoss()
    void subscribeMissing()
  }

  const listeners: [event: string, listener: (...args: unknown[]) => void][] = [
    ['ready', onReady],
    // A Cluster client refreshes its slots every few seconds: retry then the channels that failed.
    ['refresh', () => void subscribeMissing()],
    ['message', (channel, message) => handler.onMessage(String(channel), String(message))],
  ]
  for (const [event, listener] of listeners) connection.on(event, listener)
  if (isDedicated) connection.on('error', () => undefined)
  return {
    addMissingChannels: () => void subscribeMissing(),
    dropChannel(channel) {
      if (subscribed.delete(channel)) connection.unsubscribe(channel).catch(() => undefined)
    },
    close() {
      for (const [event, listener] of listeners) connection.off(event, listener)
      if (isDedicated) connection.disconnect()
    },
  }
}

function duplicateClient(client: RedisClient): RedisClient & Subscriber {
  const duplicate = client.duplicate as (overrides: object) => RedisClient & Subscriber
  return duplicate.call(client, {
    autoResubscribe: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: false,
    // A subscription is silent for long: only commands may time out.
    socketTimeout: undefined,
  })
}
